import { closeSync, ftruncateSync, writeSync } from "node:fs";
import { LockError } from "./errors.ts";
import { asctimeUtc, formatNote, RELEASED_NOTE } from "./lock-note.ts";
import type { LockMode, NativeLocks } from "./native-locks.ts";

/** The parts that a held lock is made of. */
export interface HeldLockParts {
  readonly native: NativeLocks;
  /** Open descriptor that carries the lock; closed by `release`. */
  readonly fd: number;
  readonly path: string;
  readonly mode: LockMode;
  /** The lock that was taken first and is released last. */
  readonly outer?: HeldLock | undefined;
}

/** A lock that this process holds. The kernel frees it when the process ends without `release`. */
export class HeldLock {
  /** The lock file. */
  readonly path: string;
  readonly mode: LockMode;
  /** When the lock was taken. */
  readonly since: Date = new Date();
  readonly #parts: HeldLockParts;
  #isHeld = true;

  constructor(parts: HeldLockParts) {
    this.path = parts.path;
    this.mode = parts.mode;
    this.#parts = parts;
  }

  /** Whether `release` has not been called. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Tells the readers of the lock file who holds it and why. */
  writeNote(locker: string, reason: string): void {
    const note = formatNote({ locker, pid: process.pid, timestampUtc: asctimeUtc(this.since), reason });
    try {
      this.#replaceContents(note);
    } catch (cause) {
      throw new LockError(`Cannot write the note into lock file ${this.path}`, {
        code: "LOCK_SYSTEM_FAILED",
        path: this.path,
        hint: "Look for a full or read-only file system.",
        cause,
      });
    }
  }

  /** Clears the note and gives the lock up, then the global lock that came with it. Later calls do nothing. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    const { native, fd, mode, outer } = this.#parts;
    try {
      if (mode === "exclusive") this.#replaceContents(RELEASED_NOTE);
    } catch {
      // The note is only for people; a full disk must not keep the lock.
    } finally {
      try {
        native.unlock(fd);
      } finally {
        closeSync(fd);
        outer?.release();
      }
    }
  }

  #replaceContents(text: string): void {
    ftruncateSync(this.#parts.fd, 0);
    writeSync(this.#parts.fd, text, 0, "utf8");
  }
}
