import { spawn } from "node:child_process";
import { EXIT, type Invocation } from "@scap/cli";

/**
 * Starts this command again as a detached process that keeps the lock, and comes back when it has it. The kernel frees
 * the lock with that process.
 */
export async function lockInBackground({ cwd, env, stderr }: Invocation): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...backgroundWords(process.argv.slice(1))], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.stderr?.on("data", (chunk: Buffer) => stderr.write(chunk));
  const status = await new Promise<number>((resolve) => {
    child.once("message", () => resolve(EXIT.ok));
    child.once("exit", (code) => resolve(code || EXIT.failed));
    child.once("error", () => resolve(EXIT.failed));
  });
  if (status === EXIT.ok) stderr.write(`Process ${child.pid} keeps the lock in the background.\n`);
  if (child.connected) child.disconnect();
  child.stderr?.destroy();
  child.unref();
  return status;
}

/** The words behind `--` are the message, whatever they look like: options of ours go before all others. */
function backgroundWords([script = "", command = "", ...words]: readonly string[]): string[] {
  const end = words.indexOf("--");
  const isMessage = (index: number): boolean => end >= 0 && index > end;
  const kept = words.filter((word, index) => word !== "--bg" || isMessage(index));
  return [script, command, "--held-for-parent", ...kept];
}
