import { spawn, type ChildProcess } from "node:child_process";
import { CappedOutput } from "./capped-output.ts";
import type { CheckAttempt, CheckContext } from "./check-type.ts";
import { findProgram } from "./find-program.ts";
import { LineSplitter } from "./line-splitter.ts";

const KILL_AFTER_MS = 5000;
const DRAIN_MS = 1000;

/**
 * Runs a program in a process group of its own, standard error going into standard output, standard input empty.
 * The end of the program itself decides; background processes that it leaves may keep running. On a timeout or an
 * abort the whole group is ended: SIGTERM, and SIGKILL when the program has ended or after five seconds.
 */
export async function runProcess(words: readonly string[], context: CheckContext): Promise<CheckAttempt> {
  const [program = "", ...args] = words;
  let path;
  try {
    path = findProgram(program, { cwd: context.cwd, searchPath: context.env["PATH"] });
  } catch (error) {
    return failed("", error instanceof Error ? error.message : String(error));
  }
  context.signal.throwIfAborted();
  // One pipe for both streams keeps their order; only the shell can join them.
  const child = spawn("/bin/sh", ["-c", 'exec "$@" 2>&1', "sh", path, ...args], {
    cwd: context.cwd,
    env: context.env,
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  return new RunningProcess(child, context).finished();
}

class RunningProcess {
  readonly #child: ChildProcess;
  readonly #context: CheckContext;
  readonly #output = new CappedOutput();
  readonly #lines: LineSplitter;
  #end: "running" | "timed-out" | "aborted" = "running";
  #killTimer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, context: CheckContext) {
    this.#child = child;
    this.#context = context;
    this.#lines = new LineSplitter(context.onLine);
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#output.add(chunk);
      this.#lines.add(chunk);
    });
  }

  async finished(): Promise<CheckAttempt> {
    const { signal, timeoutMs } = this.#context;
    const timeout = setTimeout(() => this.#stop("timed-out"), timeoutMs);
    const abort = (): void => this.#stop("aborted");
    signal.addEventListener("abort", abort, { once: true });
    try {
      const exit = await this.#exited();
      clearTimeout(timeout);
      if (this.#end !== "running") this.#signalGroup("SIGKILL");
      await this.#drained();
      this.#lines.flush();
      if (this.#end === "aborted") signal.throwIfAborted();
      return this.#attempt(exit);
    } finally {
      clearTimeout(timeout);
      clearTimeout(this.#killTimer);
      signal.removeEventListener("abort", abort);
    }
  }

  #stop(end: "timed-out" | "aborted"): void {
    if (this.#end !== "running") return;
    this.#end = end;
    this.#signalGroup("SIGTERM");
    this.#killTimer = setTimeout(() => this.#signalGroup("SIGKILL"), KILL_AFTER_MS);
  }

  #signalGroup(name: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, name);
    } catch {
      // The whole group has ended already.
    }
  }

  #exited(): Promise<ProcessExit> {
    return new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve({ code, signal }));
      this.#child.once("error", (error) => resolve({ code: null, signal: null, error }));
    });
  }

  #drained(): Promise<void> {
    const { stdout } = this.#child;
    if (!stdout || stdout.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => stdout.destroy(), DRAIN_MS);
      stdout.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #attempt({ code, signal, error }: ProcessExit): CheckAttempt {
    const output = this.#output.text();
    if (error) return failed(output, `cannot be started: ${error.message}`);
    if (this.#end === "timed-out") {
      const reason = `timed out after ${this.#context.timeoutMs / 1000} seconds`;
      return { status: "timed-out", exitCode: code ?? undefined, output, reason };
    }
    if (code === 0) return { status: "passed", exitCode: 0, output, reason: undefined };
    if (code === null) return failed(output, `killed by ${signal ?? "a signal"}`);
    return { status: "failed", exitCode: code, output, reason: `exit status ${code}` };
  }
}

interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

function failed(output: string, reason: string): CheckAttempt {
  return { status: "failed", exitCode: undefined, output, reason };
}
