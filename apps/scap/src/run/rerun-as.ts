import { spawn } from "node:child_process";
import { userInfo } from "node:os";
import { CliError, EXIT, type Output } from "@scap/cli";

/**
 * Runs this very command line again as another user through `sudo -n`, unless that is who runs it.
 *
 * @returns the status of that run, or `undefined` if this process is the right one
 * @throws CliError if there is no sudo
 */
export async function rerunAs(user: string, stderr: Output): Promise<number | undefined> {
  const current = userInfo().username;
  if (current === user) return undefined;
  stderr.write(`Running as ${user} instead of ${current}\n`);
  const command = ["-u", user, "-n", "--", process.execPath, ...process.argv.slice(1)];
  const child = spawn("sudo", command, { stdio: "inherit" });
  return await new Promise((resolve, reject) => {
    child.on("error", (cause) => reject(noSudo(user, cause)));
    child.on("close", (status) => resolve(status ?? EXIT.failed));
  });
}

function noSudo(user: string, cause: Error): CliError {
  const message = `Cannot become ${user}: ${cause.message}`;
  return new CliError(message, { code: "NO_SUDO", exitCode: EXIT.failed, hint: `Run it as ${user}.`, cause });
}
