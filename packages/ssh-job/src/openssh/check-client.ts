import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SshError } from "../errors.ts";
import type { OpenSshLogin } from "./openssh-connection.ts";

const run = promisify(execFile);

/**
 * Lets ssh read its options and configuration without connecting anywhere: what it says later may as well come from
 * a host.
 *
 * @throws SshError `CLIENT_FAILED`
 */
export async function checkClient({ env, options, program, target }: OpenSshLogin): Promise<void> {
  try {
    await run(program, ["-G", ...options, ...target], { env });
  } catch (error) {
    throw clientFailure(program, error as NodeJS.ErrnoException & { readonly stderr?: string });
  }
}

function clientFailure(program: string, cause: NodeJS.ErrnoException & { stderr?: string }): SshError {
  const said = cause.stderr?.trim().split(/\r?\n/)[0];
  if (said) {
    const hint = "Check sshOptions, the ssh configuration and the version of the installed ssh.";
    return new SshError("CLIENT_FAILED", `ssh refuses its options: ${said}`, { cause, hint });
  }
  const hint = "Install the OpenSSH client, or name its path.";
  return new SshError("CLIENT_FAILED", `Cannot start ${program}: ${cause.message}`, { cause, hint });
}
