import {
  HostKeyError,
  quoteShell,
  UnreachableError,
  type HostKeyProblem,
  type HostResult,
  type UnreachableReason,
} from "@scap/ssh-job";
import { START } from "./check-script.ts";
import { limitTo, problem, runOn, type HostFinding } from "./finding.ts";

/** What is wrong with a host that could not be looked at. */
export function examineFailure(result: HostResult, user: string | undefined): HostFinding {
  if (!("error" in result)) return noAnswer(result);
  const { error } = result;
  const detail = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
  const common = { level: "problem", code: error.code, detail } as const;
  if (error instanceof HostKeyError) {
    const { kind } = error.problem;
    return { ...common, cause: `the host key is ${kind}`, repair: keyRepair(error.problem) };
  }
  if (error.code === "AUTHENTICATION_FAILED") {
    const login = user === undefined ? "" : `${user}@`;
    const repair = (hosts: readonly string[]): string =>
      oneByOne(hosts, (host) => `ssh-copy-id ${word(`${login}${host}`)}`);
    return { ...common, cause: "the host accepts none of the keys", repair };
  }
  const cause = error instanceof UnreachableError ? REASONS[error.reason] : "the host cannot be asked";
  return { ...common, cause, repair: leaveOut };
}

const REASONS: Readonly<Record<UnreachableReason, string>> = {
  refused: "no SSH server listens",
  timeout: "the host does not answer",
  "no-address": "the name has no address",
  closed: "the SSH server closes the connection",
  busy: "the SSH server is too busy for a connection",
  protocol: "what listens there is no SSH server",
  network: "the network fails",
};

function noAnswer({ status, stderr, stdout }: HostResult): HostFinding {
  if (status === "timed-out" && stdout.text.includes(START))
    return { ...problem("TIMED_OUT", "the look took too long"), repair: leaveOut };
  if (status === "timed-out") {
    const cause = "the login does not come to run anything";
    return { ...problem("TIMED_OUT", cause), detail: START_UP, repair: leaveOut };
  }
  const said = stderr.text.trim().split("\n").at(-1) ?? "";
  return {
    ...problem("PROBE_FAILED", "the answer is not that of a POSIX shell"),
    detail: said === "" ? `it ended without a word: ${START_UP}` : said,
    repair: leaveOut,
  };
}

/** What keeps a login from running anything. */
const START_UP =
  "start-up files of the login shell, such as .bashrc, must not read input, exit or start another shell";

/** A key that is marked as revoked must stay so. */
function keyRepair({ kind, known, lookupName }: HostKeyProblem): NonNullable<HostFinding["repair"]> {
  if (kind === "unknown") return askForKeys;
  if (kind === "revoked") return leaveOut;
  const file = known === undefined ? "" : ` -f ${quoteShell(known.file)}`;
  const port = /]:\d+$/.exec(lookupName)?.[0];
  return (hosts) => {
    const forget = (host: string): string =>
      `ssh-keygen${file} -R ${word(port === undefined ? host : `[${host}${port}`)}`;
    return `${oneByOne(hosts, forget)}   # only if ${hosts.length === 1 ? "the host was" : "the hosts were"} installed anew`;
  };
}

/** For programs that take one host at a time. */
function oneByOne(hosts: readonly string[], command: (host: string) => string): string {
  const [first = ""] = hosts;
  if (hosts.length === 1) return command(first);
  return `for host in ${hosts.map(quoteShell).join(" ")}; do ${command("$host")}; done`;
}

/** A word of the shell; names of hosts hold no dollar, so that there is one only in a loop. */
function word(text: string): string {
  return text.includes("$") ? `"${text}"` : quoteShell(text);
}

/** Shows the keys to a person, who compares them: a key that is taken on trust proves nothing. */
function askForKeys(hosts: readonly string[]): string {
  return `${runOn(hosts, "true", "--safe")} --ask-keys`;
}

function leaveOut(hosts: readonly string[]): string {
  return `scap deploy ${limitTo(hosts, "!")}   # to deploy without`;
}
