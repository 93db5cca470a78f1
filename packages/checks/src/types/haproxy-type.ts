import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "../check.ts";
import type { CheckAttempt, CheckContext, CheckType } from "../check-type.ts";
import {
  askHaproxy,
  parseSocketAddress,
  readAdminState,
  readServerState,
  type AdminState,
  type ServerState,
} from "./haproxy-socket.ts";

/** How often HAProxy is asked again, in milliseconds. */
const POLL_MS = 100;

/**
 * Takes a server of HAProxy out of service and waits until its last session has ended, or puts it back and waits until
 * it is up. What somebody else took out of service is left so. Through the runtime socket, so HAProxy is not reloaded.
 */
export const haproxyType: CheckType = {
  name: "haproxy",
  summary: "drain a server of HAProxy, or put it back",
  options: ["socket", "backend", "server"],
  validate: problemsOf,
  prepare(check) {
    const [problem] = problemsOf(check);
    if (problem !== undefined) throw new Error(problem);
    const place = {
      socket: textOf(check, "socket") ?? "",
      backend: textOf(check, "backend") ?? "",
      server: textOf(check, "server") ?? shortName(),
    };
    return (context) => change(place, context, check.hook === "drain" ? DRAIN : POOL);
  },
};

/** A server of HAProxy, and where HAProxy listens. */
interface ServerPlace {
  readonly socket: string;
  readonly backend: string;
  readonly server: string;
}

function problemsOf(check: Check): string[] {
  const isName = (value: string | undefined): boolean => value === undefined || /^[\w.:-]+$/.test(value);
  const [backend, server] = [textOf(check, "backend"), textOf(check, "server")];
  return [
    ...(check.hook === undefined ? ["type haproxy needs hook: drain or hook: pool"] : []),
    ...(textOf(check, "socket") === undefined ? ["socket must be a path or host:port"] : []),
    ...(backend === undefined || !isName(backend) ? ["backend must be the name of a backend"] : []),
    ...(isName(server) ? [] : ["server must be the name of a server of the backend"]),
  ];
}

function textOf({ options }: Check, name: string): string | undefined {
  const value = options.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The name that servers usually have in the configuration of HAProxy. */
function shortName(): string {
  return hostname().split(".")[0] ?? "";
}

/** What a hook wants of a server. */
interface Wanted {
  readonly state: "drain" | "ready";
  /** Whether a server is left as somebody else wants it. */
  readonly leaves: (before: AdminState) => boolean;
  readonly isReached: (server: ServerState) => boolean;
  readonly describe: (server: ServerState) => string;
}

const DRAIN: Wanted = {
  state: "drain",
  leaves: (before) => before !== "ready",
  isReached: ({ sessions }) => sessions === 0,
  describe: ({ sessions }) => `${sessions} sessions have not ended`,
};

const POOL: Wanted = {
  state: "ready",
  // No hook put it into maintenance.
  leaves: (before) => before === "maint",
  isReached: ({ status }) => status.startsWith("UP") || status === "no check" || status === "MAINT",
  describe: ({ status }) => `its status is ${status}`,
};

async function change(place: ServerPlace, context: CheckContext, wanted: Wanted): Promise<CheckAttempt> {
  const { signal, timeoutMs } = context;
  const late = AbortSignal.timeout(timeoutMs);
  const name = `${place.backend}/${place.server}`;
  let last = "HAProxy has not answered";
  try {
    const asking = { place, signal: AbortSignal.any([signal, late]) };
    return await reach(asking, wanted, (state) => (last = wanted.describe(state)));
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof HaproxyRefusal)
      return failed(`HAProxy at ${place.socket}: ${name}: ${cause.message}`);
    if (late.aborted)
      return {
        ...failed(`timed out after ${timeoutMs / 1000} seconds: ${name}: ${last}`),
        status: "timed-out",
      };
    const reason = cause instanceof Error ? cause.message : String(cause);
    return failed(`cannot reach HAProxy at ${place.socket}: ${reason}`);
  }
}

/** HAProxy answered, and will not do it. */
class HaproxyRefusal extends Error {}

interface Asking {
  readonly place: ServerPlace;
  readonly signal: AbortSignal;
}

async function reach(
  { place, signal }: Asking,
  { isReached, leaves, state }: Wanted,
  onState: (state: ServerState) => void,
): Promise<CheckAttempt> {
  const { backend, server, socket } = place;
  const address = parseSocketAddress(socket);
  const ask = async (command: string): Promise<string> => await askHaproxy(address, command, signal);
  const states = await ask(`show servers state ${backend}`);
  const before = readAdminState(states, backend, server);
  if (before === undefined)
    throw new HaproxyRefusal(isTable(states) ? "there is no such server" : states.trim());
  const isNoop = leaves(before);
  const refusal = isNoop ? "" : (await ask(`set server ${backend}/${server} state ${state}`)).trim();
  if (refusal !== "") throw new HaproxyRefusal(refusal);
  for (;;) {
    const found = readServerState(await ask("show stat"), `${backend}/${server}`);
    if (found === undefined) throw new HaproxyRefusal("it is gone");
    if (isReached(found)) {
      const wish = isNoop ? `left in ${before}` : state;
      return passed(`${backend}/${server}: ${wish}, ${found.status}, ${found.sessions} sessions\n`, isNoop);
    }
    onState(found);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function isTable(states: string): boolean {
  return states.includes("srv_admin_state");
}

function passed(output: string, isNoop: boolean): CheckAttempt {
  return { status: "passed", exitCode: undefined, output, reason: undefined, isNoop };
}

function failed(reason: string): CheckAttempt {
  return { status: "failed", exitCode: undefined, output: "", reason };
}
