import { HostKeyError, UnreachableError, type HostResult, type UnreachableReason } from "@scap/ssh-job";
import { limitTo, runOn, type HostFinding } from "./finding.ts";

/** What is wrong with a host that could not be looked at. */
export function examineFailure(result: HostResult, user: string | undefined): HostFinding {
  if (!("error" in result)) return noAnswer(result);
  const { error } = result;
  const detail = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
  const common = { level: "problem", code: error.code, detail } as const;
  if (error instanceof HostKeyError) {
    const { kind } = error.problem;
    const repair = kind === "unknown" ? askForKeys : forgetKeys;
    return { ...common, cause: `the host key is ${kind}`, repair };
  }
  if (error.code === "AUTHENTICATION_FAILED") {
    const repair = (hosts: readonly string[]): string =>
      `ssh-copy-id ${user === undefined ? "" : `${user}@`}${hosts[0] ?? ""}`;
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

function noAnswer(result: HostResult): HostFinding {
  if (result.status === "timed-out") {
    return { level: "problem", code: "TIMED_OUT", cause: "the look took too long", repair: leaveOut };
  }
  const said = result.stderr.text.trim().split("\n").at(-1) ?? "";
  return {
    level: "problem",
    code: "PROBE_FAILED",
    cause: "the answer is not that of a POSIX shell",
    ...(said === "" ? {} : { detail: said }),
    repair: leaveOut,
  };
}

/** Shows the keys to a person, who compares them: a key that is taken on trust proves nothing. */
function askForKeys(hosts: readonly string[]): string {
  return `${runOn(hosts, "true", "--safe")} --ask-keys`;
}

function forgetKeys(hosts: readonly string[]): string {
  return `ssh-keygen -R ${hosts[0] ?? ""}   # only if the host was installed anew`;
}

function leaveOut(hosts: readonly string[]): string {
  return `scap deploy ${limitTo(hosts, "!")}   # to deploy without`;
}
