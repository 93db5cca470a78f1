import { spawn } from "node:child_process";

import { TargetWorkError } from "./target-error.ts";

/** What a command did. */
export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** What ended it; null when it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  /** End of standard output and standard error, as they came. */
  readonly output: string;
}

/** How {@link runCommand} runs a command. */
export interface RunCommandOptions {
  readonly signal: AbortSignal;
  /** Then the whole process group is killed. */
  readonly timeoutMs: number;
  readonly cwd?: string;
  /** What it is called when its time is up. @defaultValue its words */
  readonly label?: string;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

const OUTPUT_KEPT = 64 * 1024;
const KILL_AFTER_MS = 2_000;
const DRAIN_MS = 500;

/**
 * Runs a program without a shell, with nothing to read, in its own process group.
 *
 * @throws TargetWorkError `TIMED_OUT`, or `COMMAND_MISSING` when it cannot be started
 */
export async function runCommand(
  words: readonly string[],
  options: RunCommandOptions,
): Promise<CommandResult> {
  options.signal.throwIfAborted();
  const [program = "", ...args] = words;
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    env: { ...process.env, ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);

  return await new Promise((resolve, reject) => {
    let isLate = false;
    const kill = (signal: NodeJS.Signals): void => killGroup(child.pid, signal);
    const stop = (): void => {
      kill("SIGTERM");
      setTimeout(() => kill("SIGKILL"), KILL_AFTER_MS).unref();
    };
    const timer = setTimeout(() => {
      isLate = true;
      stop();
    }, options.timeoutMs);
    options.signal.addEventListener("abort", stop, { once: true });
    child.once("error", (cause) => {
      clearTimeout(timer);
      reject(
        new TargetWorkError(`Cannot run ${program}: ${cause.message}`, { code: "COMMAND_MISSING", cause }),
      );
    });
    child.once("exit", (exitCode, signal) => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", stop);
      const finish = (): void => {
        child.stdout.destroy();
        child.stderr.destroy();
        if (isLate) reject(late(options.label ?? words.join(" "), options.timeoutMs, output));
        else resolve({ exitCode, signal, output });
      };
      // A daemon may hold the output open for ever; the command itself has ended.
      const drained = setTimeout(finish, DRAIN_MS);
      child.once("close", () => {
        clearTimeout(drained);
        finish();
      });
    });
  });
}

function late(label: string, timeoutMs: number, output: string): TargetWorkError {
  return new TargetWorkError(`${label} did not end within ${timeoutMs / 1000} s`, {
    code: "TIMED_OUT",
    output,
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}
