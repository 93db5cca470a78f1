import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EXIT, type Invocation } from "@scap/cli";

/** Runs the `deploy-local` that belongs to this command, with the same words. Answers with its status. */
export async function runDeployLocalCommand({ cwd, env, interrupts }: Invocation): Promise<number> {
  const file = fileURLToPath(new URL("deploy-local.mjs", import.meta.url));
  const words = process.argv.slice(3);
  const child = spawn(process.execPath, [file, ...words], { cwd, env, stdio: "inherit" });
  // A terminal tells the whole process group; whoever asks only this process is passed on.
  interrupts.stop.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => resolve(interrupts.stop.aborted ? interrupts.exitCode : (code ?? EXIT.bug)));
    child.once("error", reject);
  });
}
