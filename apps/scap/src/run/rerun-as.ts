import { spawn } from "node:child_process";
import { constants, userInfo } from "node:os";
import { CliError, EXIT, type Output } from "@scap/cli";

/** What comes from outside of a rerun. */
export interface RerunIo {
  readonly stderr: Output;
  /** Where signals arrive. @defaultValue `process` */
  readonly signals?: Pick<NodeJS.Process, "on" | "off">;
}

/**
 * Runs this very command line again as another user through `sudo -n`, unless that is who runs it. Signals are passed
 * on, so that whoever stops this process stops the work.
 *
 * @returns the status of that run, 128 + n if signal n ended it, or `undefined` if this process is the right one
 * @throws CliError if there is no sudo
 */
export async function rerunAs(
  user: string,
  { stderr, signals = process }: RerunIo,
): Promise<number | undefined> {
  const current = userInfo().username;
  if (current === user) return undefined;
  stderr.write(`Running as ${user} instead of ${current}\n`);
  const command = ["-u", user, "-n", "--", process.execPath, ...process.argv.slice(1)];
  const child = spawn("sudo", command, { stdio: "inherit" });
  const relay = (signal: NodeJS.Signals): void => void child.kill(signal);
  // A terminal gives Ctrl-C to both; the second one would mean "stop now".
  const relayUnlessTyped = (signal: NodeJS.Signals): void => {
    if (!process.stdin.isTTY) relay(signal);
  };
  signals.on("SIGTERM", relay).on("SIGHUP", relay).on("SIGINT", relayUnlessTyped);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", (cause) => reject(noSudo(user, cause)));
      child.on("close", (status, signal) => resolve(status ?? statusOf(signal)));
    });
  } finally {
    signals.off("SIGTERM", relay).off("SIGHUP", relay).off("SIGINT", relayUnlessTyped);
  }
}

function statusOf(signal: NodeJS.Signals | null): number {
  return signal === null ? EXIT.failed : 128 + constants.signals[signal];
}

function noSudo(user: string, cause: Error): CliError {
  const message = `Cannot become ${user}: ${cause.message}`;
  return new CliError(message, { code: "NO_SUDO", exitCode: EXIT.failed, hint: `Run it as ${user}.`, cause });
}
