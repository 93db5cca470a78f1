import type { Invocation } from "@scap/cli";
import { deployLogOptions, runDeployLog } from "@scap/log";

export async function runDeployLogCommand(invocation: Invocation): Promise<number> {
  const { cwd, env, interrupts, options, stderr, stdin, stdout, word } = invocation;
  return runDeployLog(deployLogOptions(options, word("expr")), {
    cwd,
    env,
    stdin,
    stdout,
    stderr,
    signal: interrupts.stop,
  });
}
