import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command, as users run it. */
export const SCAP: string = fileURLToPath(new URL("../../apps/scap/bin/scap.cjs", import.meta.url));

/** How a call of the command ended. */
export interface ScapResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A call of the command that may be hurt while it runs. */
export interface ScapCall {
  readonly process: ChildProcess;
  readonly result: Promise<ScapResult>;
  /** Resolves when the output so far contains `text`; rejects when the command ends without. */
  until(text: string): Promise<void>;
}

export interface ScapOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Starts `scap` with arguments. */
export function startScap(args: readonly string[], { cwd, env = {}, input = "" }: ScapOptions): ScapCall {
  const child = spawn(process.execPath, [SCAP, ...args], {
    cwd,
    env: { ...process.env, SSH_AUTH_SOCK: "", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  const heard = (): void => listeners.forEach((listener) => listener());
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    heard();
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const result = new Promise<ScapResult>((resolve) => {
    child.once("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const listener = (): void => {
        if (!`${stdout}${stderr}`.includes(text)) return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
      listener();
      void result.then(({ status }) => reject(new Error(`ended with ${status} before ${text}:\n${stderr}`)));
    });
  return { process: child, result, until };
}

/** Runs `scap` to its end. */
export function runScap(args: readonly string[], options: ScapOptions): Promise<ScapResult> {
  return startScap(args, options).result;
}
