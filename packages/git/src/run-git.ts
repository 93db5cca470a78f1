import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { classifyFailure } from "./classify-failure.ts";
import { redactText } from "./credentials.ts";
import { GitCommandError, GitError } from "./errors.ts";
import { failureFacts } from "./failure-facts.ts";
import { gitEnvironment } from "./git-environment.ts";

/** How a git command is run. */
export interface RunGitOptions {
  /** Working directory. @defaultValue the process's own */
  readonly cwd?: string;
  /** Added to the cleaned environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads. @defaultValue nothing */
  readonly input?: string | Readable;
  /** Receives standard output instead of the result's `stdout`. */
  readonly output?: Writable;
  /** Longest time, in milliseconds; then the whole process group is killed. @defaultValue 600_000 */
  readonly timeoutMs?: number;
  /** Kills the whole process group. */
  readonly signal?: AbortSignal;
  /** Exit statuses besides 0 that are an answer and not a failure. */
  readonly acceptStatus?: readonly number[];
  /** Program to run. @defaultValue "git" */
  readonly program?: string;
}

/** What a git command answered. */
export interface GitOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const MAX_STDERR = 64 * 1024;
const KILL_AFTER_MS = 2_000;

/**
 * Runs git without a shell, in its own process group, with nothing to read unless `input` is given.
 *
 * @throws {@link GitCommandError} for an exit status that is neither 0 nor accepted, {@link GitError} with code
 * `GIT_MISSING`, `TIMEOUT` or `ABORTED`.
 */
export async function runGit(args: readonly string[], options: RunGitOptions = {}): Promise<GitOutput> {
  options.signal?.throwIfAborted();
  const child = spawn(options.program ?? "git", args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: gitEnvironment(process.env, options.env),
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const stop = watchForStop(child, options);
  try {
    const [stdout, stderr, exit] = await Promise.all([
      options.output === undefined ? readAll(child.stdout) : drainInto(child.stdout, options.output),
      readAll(child.stderr, MAX_STDERR),
      waitForExit(child, options),
      feed(child.stdin, options.input),
    ]);
    stop.throwIfStopped(args);
    return await answer(args, { stdout, stderr: redactText(stderr), exitCode: exit }, options);
  } finally {
    stop.dispose();
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function answer(
  args: readonly string[],
  output: { stdout: string; stderr: string; exitCode: number | null },
  options: RunGitOptions,
): Promise<GitOutput> {
  const { stdout, stderr, exitCode } = output;
  if (exitCode !== null && (exitCode === 0 || options.acceptStatus?.includes(exitCode))) {
    return { stdout, stderr, exitCode };
  }
  const status = exitCode === null ? "was killed" : `failed with status ${exitCode}`;
  const { reason, ...failure } = classifyFailure(stderr);
  const facts = await failureFacts(failure.code, stderr);
  const details = [reason ?? lastLines(stderr), facts].filter((text) => text !== "");
  throw new GitCommandError(
    `${commandName(args, options)} ${status}${options.cwd === undefined ? "" : ` in ${options.cwd}`}${details.length === 0 ? "" : `: ${details.join("; ")}`}`,
    { ...failure, gitStatus: exitCode, stdout: stdout.slice(-MAX_STDERR), stderr },
  );
}

/** Options before the subcommand say nothing to a reader; URLs may hold credentials. */
function commandName(args: readonly string[], options: RunGitOptions): string {
  const program = options.program ?? "git";
  let index = 0;
  while (["-c", "-C", "--git-dir"].includes(args[index] ?? "")) index += 2;
  return `${program} ${redactText(args.slice(index, index + 2).join(" "))}`;
}

function lastLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-3)
    .join("; ");
}

function watchForStop(child: Child, options: RunGitOptions) {
  let reason: "TIMEOUT" | "ABORTED" | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: "TIMEOUT" | "ABORTED"): void => {
    reason ??= why;
    killGroup(child, "SIGTERM");
    killTimer ??= setTimeout(() => killGroup(child, "SIGKILL"), KILL_AFTER_MS);
  };
  const timeoutMs = options.timeoutMs ?? 600_000;
  const timer = setTimeout(() => stop("TIMEOUT"), timeoutMs);
  const onAbort = (): void => stop("ABORTED");
  options.signal?.addEventListener("abort", onAbort, { once: true });
  return {
    throwIfStopped(args: readonly string[]): void {
      if (reason === undefined) return;
      const what = reason === "TIMEOUT" ? `did not end within ${timeoutMs / 1000} s` : "was stopped";
      throw new GitError(`${commandName(args, options)} ${what}`, { code: reason });
    },
    dispose(): void {
      clearTimeout(timer);
      clearTimeout(killTimer);
      options.signal?.removeEventListener("abort", onAbort);
    },
  };
}

function killGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

async function waitForExit(child: Child, options: RunGitOptions): Promise<number | null> {
  return await new Promise((resolve, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) => reject(startError(cause, options)));
    child.once("close", (code) => resolve(code));
  });
}

function startError(cause: NodeJS.ErrnoException, options: RunGitOptions): GitError {
  const program = options.program ?? "git";
  if (cause.code === "ENOENT") {
    return new GitError(
      `Cannot run ${program}: the program or the directory ${options.cwd ?? "."} is missing`,
      {
        code: "GIT_MISSING",
        hint: `Install ${program}, or add its directory to PATH.`,
        cause,
      },
    );
  }
  return new GitError(`Cannot run ${program}: ${cause.message}`, { code: "GIT_FAILED", cause });
}

async function readAll(stream: Readable, limit = Number.POSITIVE_INFINITY): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (size < limit) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function drainInto(stream: Readable, output: Writable): Promise<string> {
  await pipeline(stream, output);
  return "";
}

/** A command that ends before it read everything reports why by its status, not by a broken pipe. */
async function feed(stdin: Writable, input: string | Readable | undefined): Promise<void> {
  stdin.on("error", () => {});
  if (input === undefined || typeof input === "string") {
    stdin.end(input ?? "");
    return;
  }
  await pipeline(input, stdin).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EPIPE" && cause.code !== "ERR_STREAM_PREMATURE_CLOSE") throw cause;
  });
}
