import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { SYSTEM_FAILURES, TargetWorkError } from "./target-error.ts";

/** The environment variable by which the children of a writer are found when it dies. */
export const MARKER_VARIABLE = "SCAP_WORKER";

/** A lock on one repository of a target. */
export interface RunLock {
  /** Value of {@link MARKER_VARIABLE} for child processes that must not outlive the holder. */
  readonly marker: string;
  /** Frees the lock. */
  release(): Promise<void>;
}

/**
 * The holder of the lock is a shell whose standard input is a pipe from this process. However this process ends, the
 * kernel closes the pipe; the shell then kills what the process left running, and the kernel frees the lock with the
 * shell. So nobody can take the lock while a left-over command still changes files.
 *
 * Arguments: lock file, seconds to wait, marker. The marker is searched in the environment of all processes.
 */
const HOLDER = `
umask 007
exec 9>>"$1" || exit 74
flock -w "$2" 9 || exit 75
echo locked
while read -r line; do [ "$line" = free ] && exit 0; done
for round in 1 2 3; do
  found=$(grep -lsaF "$3" /proc/[0-9]*/environ | tr -dc '0-9\\n')
  [ -z "$found" ] && exit 0
  kill -KILL $found 2>/dev/null
done
`;

/**
 * Takes the lock of a repository. It is freed by the kernel, whatever ends this process.
 *
 * @param file - the lock file; it is made and never removed
 * @param waitSeconds - longest wait for the present holder
 * @returns undefined when the lock is still held by another process after that
 * @throws TargetWorkError when the lock cannot be tried at all
 */
export async function takeRunLock(file: string, waitSeconds: number): Promise<RunLock | undefined> {
  const marker = `${MARKER_VARIABLE}=${randomBytes(8).toString("hex")}`;
  const wait = waitSeconds.toFixed(1);
  const holder = spawn("/bin/sh", ["-c", HOLDER, "scap-lock", file, wait, marker], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
    env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LC_ALL: "C" },
  });
  holder.stdin.on("error", () => {});
  const exited = once(holder, "exit");
  const stderr = collect(holder.stderr);
  const answer = await Promise.race([firstLine(holder.stdout), exited.then(([code]) => Number(code))]);
  if (answer === "locked") {
    holder.unref();
    return {
      marker: marker.slice(MARKER_VARIABLE.length + 1),
      release: async () => {
        holder.ref();
        holder.stdin.end("free\n");
        await exited;
      },
    };
  }
  const code = typeof answer === "number" ? answer : Number((await exited)[0]);
  if (code === 75) return undefined;
  throw lockFailure(file, code, await stderr);
}

/** What the shell says where the system refuses. */
const REFUSALS: readonly (readonly [words: RegExp, errno: string])[] = [
  [/Read-only file system/, "EROFS"],
  [/Permission denied/, "EACCES"],
  [/No space left/, "ENOSPC"],
  [/quota exceeded/, "EDQUOT"],
];

function lockFailure(file: string, code: number, stderr: string): TargetWorkError {
  if (/flock: not found/.test(stderr)) {
    return new TargetWorkError("flock is not installed on the host", {
      code: "FLOCK_MISSING",
      hint: "Install util-linux (or busybox) there.",
    });
  }
  const reason = stderr.trim().split("\n").at(-1) ?? "";
  const errno = REFUSALS.find(([words]) => words.test(reason))?.[1];
  const known = SYSTEM_FAILURES[errno ?? ""];
  const why = known?.text ?? (reason === "" ? `status ${code}` : reason);
  return new TargetWorkError(`Cannot lock ${file}: ${why}`, {
    code: known?.code ?? "LOCK_FAILED",
    ...(known === undefined ? {} : { hint: known.hint }),
  });
}

async function firstLine(stream: Readable): Promise<string | undefined> {
  const lines = createInterface({ input: stream });
  for await (const line of lines) return line;
  return undefined;
}

async function collect(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
