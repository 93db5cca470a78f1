import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check } from "../check.ts";
import type { CheckAttempt, CheckContext, CheckType } from "../check-type.ts";
import { askHaproxy, parseSocketAddress, readServerState, type ServerState } from "./haproxy-socket.ts";

/** How often HAProxy is asked again, in milliseconds. */
const POLL_MS = 100;

/**
 * Takes a server of HAProxy out of service and waits until its last session has ended, or puts it back and waits until
 * it is up. Through the runtime socket, so HAProxy is not reloaded.
 */
export const haproxyType: CheckType = {
  name: "haproxy",
  summary: "drain a server of HAProxy, or put it back",
  options: ["socket", "backend", "server"],
  validate: problemsOf,
  prepare(check) {
    const [problem] = problemsOf(check);
    if (problem !== undefined) throw new Error(problem);
    const address = parseSocketAddress(textOf(check, "socket") ?? "");
    const server = `${textOf(check, "backend") ?? ""}/${textOf(check, "server") ?? shortName()}`;
    return (context) => (check.hook === "drain" ? drain : pool)(address, server, context);
  },
};

type Address = ReturnType<typeof parseSocketAddress>;

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

async function drain(address: Address, server: string, context: CheckContext): Promise<CheckAttempt> {
  return await change(address, server, context, {
    state: "drain",
    isReached: ({ sessions }) => sessions === 0,
    describe: ({ sessions }) => `${sessions} sessions have not ended`,
  });
}

async function pool(address: Address, server: string, context: CheckContext): Promise<CheckAttempt> {
  return await change(address, server, context, {
    state: "ready",
    isReached: ({ status }) => status.startsWith("UP") || status === "no check",
    describe: ({ status }) => `its status is ${status}`,
  });
}

interface Wanted {
  readonly state: "drain" | "ready";
  readonly isReached: (server: ServerState) => boolean;
  readonly describe: (server: ServerState) => string;
}

async function change(
  address: Address,
  server: string,
  { signal, timeoutMs }: CheckContext,
  { describe, isReached, state }: Wanted,
): Promise<CheckAttempt> {
  const late = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, late]);
  let last = "HAProxy has not answered";
  try {
    const refusal = (await askHaproxy(address, `set server ${server} state ${state}`, either)).trim();
    if (refusal !== "") return failed(`HAProxy: ${refusal}`);
    for (;;) {
      const found = readServerState(await askHaproxy(address, "show stat", either), server);
      if (found === undefined) return failed(`HAProxy has no server ${server}`);
      if (isReached(found))
        return passed(`${server}: ${state}, ${found.status}, ${found.sessions} sessions\n`);
      last = describe(found);
      await sleep(POLL_MS, undefined, { signal: either });
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (late.aborted) return { ...failed(`${server}: ${last}`), status: "timed-out" };
    return failed(`cannot reach HAProxy: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function passed(output: string): CheckAttempt {
  return { status: "passed", exitCode: undefined, output, reason: undefined };
}

function failed(reason: string): CheckAttempt {
  return { status: "failed", exitCode: undefined, output: "", reason };
}
