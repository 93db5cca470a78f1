import { setTimeout as sleep } from "node:timers/promises";
import { lockerName } from "./acquire-lock.ts";
import { LockError } from "./errors.ts";
import { readLockFiles } from "./holders.ts";
import type { LockNote } from "./lock-note.ts";
import { globalLockPath } from "./lock-paths.ts";
import { loadNativeLocks } from "./native-locks.ts";
import { UnlockFiles } from "./unlock-files.ts";

/** What is known about the global lock before it is removed by force. */
export type GlobalLockState =
  | { readonly kind: "not-set" }
  | {
      readonly kind: "set";
      /** What its holder wrote; undefined when that cannot be read. */
      readonly note: LockNote | undefined;
      /** Whether the kernel says that somebody holds it exclusively. */
      readonly isHeld: boolean;
    };

/** Whether there is a global lock to remove. A missing or empty file, or `{}` in it, means that there is none. */
export function readGlobalLock(globalLock: string = globalLockPath()): GlobalLockState {
  const file = readLockFiles([globalLock]).get(globalLock);
  if (!file) return { kind: "not-set" };
  const isHeld = file.holders.some(({ mode }) => mode === "exclusive");
  if (!isHeld && !file.note && file.noteProblem === undefined) return { kind: "not-set" };
  return { kind: "set", note: file.note, isHeld };
}

/** How a forced unlock is asked for. */
export interface RequestUnlockOptions {
  readonly reason: string;
  /** @defaultValue `"/var/lock/scap-global-lock"` */
  readonly globalLock?: string;
  /** @defaultValue `"/tmp"` */
  readonly signalDir?: string;
  /** Who asks. @defaultValue the login name */
  readonly releaser?: string;
  /** How long the holder may take to answer, in milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * What came of it: the holder gave the lock up; nobody held it and only an old note is left; or the holder did not
 * answer and still has it.
 */
export type UnlockOutcome = "released" | "holder-gone" | "still-held";

const LOOK_EVERY_MS = 100;

/**
 * Asks the holder of the global lock to give it up, and waits for that.
 *
 * @throws LockError `UNLOCK_REQUEST_FAILED` when the request cannot be written.
 */
export async function requestUnlock(options: RequestUnlockOptions): Promise<UnlockOutcome> {
  const { reason, globalLock = globalLockPath(), timeoutMs = 5000, signal } = options;
  const releaser = options.releaser ?? lockerName(await loadNativeLocks());
  const files = new UnlockFiles(options.signalDir);
  const oldAnswer = files.answerIdentity();
  const isHeld = (): boolean => {
    const state = readGlobalLock(globalLock);
    return state.kind === "set" && state.isHeld;
  };
  const wasHeld = isHeld();
  writeRequest(files, { releaser, reason });
  try {
    const isAnswered = (): boolean =>
      files.answerIdentity() !== undefined && files.answerIdentity() !== oldAnswer;
    await until(() => isAnswered() || (wasHeld && !isHeld()), timeoutMs, signal);
  } finally {
    files.removeRequest();
  }
  // The holder lets go as soon as the request is gone.
  await until(() => !isHeld(), timeoutMs, signal);
  if (isHeld()) return "still-held";
  return wasHeld ? "released" : "holder-gone";
}

function writeRequest(files: UnlockFiles, request: { releaser: string; reason: string }): void {
  try {
    files.writeRequest(request);
  } catch (cause) {
    throw new LockError(
      "Cannot ask the holder of the global lock to give it up: the request cannot be written",
      {
        code: "UNLOCK_REQUEST_FAILED",
        hint: "Somebody else's request may still be there; remove it as its owner or as root.",
        cause,
      },
    );
  }
}

async function until(
  isDone: () => boolean,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let waited = 0; waited < timeoutMs && !isDone(); waited += LOOK_EVERY_MS) {
    await sleep(LOOK_EVERY_MS, undefined, signal ? { signal } : {});
  }
}
