import { closeSync, fstatSync, statSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { describeHolders } from "./describe-holder.ts";
import { Drain, LOCK_TOKEN_VARIABLE } from "./drain.ts";
import { LockHeldError } from "./errors.ts";
import { findHolders, type LockHolder } from "./holders.ts";
import { openLockFile } from "./lock-file.ts";
import type { LockGroup } from "./owner-check.ts";
import type { LockMode, NativeLocks } from "./native-locks.ts";

/** What is being waited for. */
export interface LockWait {
  /** The lock file that is not free. */
  readonly path: string;
  /** The name of the lock that is wanted. */
  readonly name: string;
  /** Milliseconds until the waiting is given up. */
  readonly remainingMs: number;
  /** One line for each holder, then advice if there is any: ready to be printed. */
  readonly lines: readonly string[];
}

/** One lock to be taken until a deadline. */
export interface LockRequest {
  readonly path: string;
  readonly name: string;
  readonly mode: LockMode;
  readonly globalLock: string | false;
  readonly timeoutMs: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: ((holders: readonly LockHolder[], wait: LockWait) => void) | undefined;
  readonly group?: LockGroup | undefined;
  /** Further lines for whoever waits. */
  readonly advice?: () => string[];
}

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;
const REPORT_EVERY_MS = 30_000;

/** Opens the file and waits for its lock. @returns the descriptor that carries the lock. */
export async function openAndLock(native: NativeLocks, request: LockRequest): Promise<number> {
  for (;;) {
    const fd = openLockFile(request.path, request.mode, request.group);
    try {
      await waitForLock(native, fd, request);
      if (isStillTheFile(fd, request.path)) return fd;
      // Somebody removed the file while we waited, so others lock a new one: so must we.
      closeSync(fd);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }
}

async function waitForLock(native: NativeLocks, fd: number, request: LockRequest): Promise<void> {
  if (request.path !== request.globalLock)
    return pollForLock(() => native.tryLock(fd, request.mode), request);
  const drain = new Drain(native, request.path, request.group);
  if (request.mode === "shared") {
    const token = process.env[LOCK_TOKEN_VARIABLE];
    const isKeptBack = (): boolean => drain.holdsBack(token);
    return pollForLock(() => !isKeptBack() && native.tryLock(fd, "shared"), {
      ...request,
      advice: () => (isKeptBack() ? ["Somebody waits to lock everything, so new commands wait too."] : []),
    });
  }
  if (native.tryLock(fd, "exclusive") || request.timeoutMs === 0) {
    return pollForLock(() => native.tryLock(fd, "exclusive"), request);
  }
  const stopDraining = drain.start();
  try {
    return await pollForLock(() => native.tryLock(fd, "exclusive"), request);
  } finally {
    stopDraining();
  }
}

async function pollForLock(tryLock: () => boolean, request: LockRequest): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let nextReport = performance.now();
  while (!tryLock()) {
    const now = performance.now();
    if (now >= request.deadline) throw heldError(request);
    if (now >= nextReport) {
      report(request);
      nextReport = now + REPORT_EVERY_MS;
    }
    await pause(Math.min(pauseMs, request.deadline - now), request.signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

// Polling instead of a blocking call: a blocked thread could not be cancelled, and one process may wait for many.
async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(Math.max(1, durationMs), undefined, signal ? { signal } : {});
  } catch {
    signal?.throwIfAborted();
  }
}

function report(request: LockRequest): void {
  if (!request.onWaiting) return;
  const holders = findHolders(request);
  request.onWaiting(holders, {
    path: request.path,
    name: request.name,
    remainingMs: Math.max(0, request.deadline - performance.now()),
    lines: linesAbout(request, holders),
  });
}

function heldError(request: LockRequest): LockHeldError {
  const holders = findHolders(request);
  const [first, ...others] = linesAbout(request, holders);
  const waited = request.timeoutMs > 0 ? ` after waiting ${request.timeoutMs / 1000} seconds` : "";
  return new LockHeldError(`Cannot get the lock "${request.name}"${waited}: ${first}`, {
    path: request.path,
    hint: [...others, "Wait for that to finish, or ask its owner."].join("\n"),
    holders,
    waitedMs: request.timeoutMs,
  });
}

function linesAbout(request: LockRequest, holders: readonly LockHolder[]): string[] {
  return [...describeHolders(request, holders), ...(request.advice?.() ?? [])];
}

function isStillTheFile(fd: number, path: string): boolean {
  const open = fstatSync(fd);
  try {
    const named = statSync(path);
    return named.ino === open.ino && named.dev === open.dev;
  } catch {
    return false;
  }
}
