import { spawn } from "node:child_process";
import { EXIT, type Invocation } from "@scap/cli";

/**
 * Starts this command again as a detached process that keeps the lock, and comes back when it has it. The kernel frees
 * the lock with that process.
 */
export async function lockInBackground({ cwd, env, stderr }: Invocation): Promise<number> {
  const args = process.argv.slice(1).filter((word) => word !== "--bg");
  const child = spawn(process.execPath, [...process.execArgv, ...args, "--held-for-parent"], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.stderr?.on("data", (chunk: Buffer) => stderr.write(chunk));
  const status = await new Promise<number>((resolve) => {
    child.once("message", () => resolve(EXIT.ok));
    child.once("exit", (code) => resolve(code ?? EXIT.failed));
    child.once("error", () => resolve(EXIT.failed));
  });
  if (status === EXIT.ok) stderr.write(`Process ${child.pid} keeps the lock in the background.\n`);
  if (child.connected) child.disconnect();
  child.stderr?.destroy();
  child.unref();
  return status;
}
