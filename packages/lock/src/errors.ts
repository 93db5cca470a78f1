import type { LockHolder } from "./holders.ts";

/** Stable identifiers of what went wrong, for callers that branch on the cause. */
export type LockErrorCode =
  | "LOCK_BAD_OPTION"
  | "LOCK_HELD"
  | "LOCK_LOST"
  | "LOCK_OPEN_FAILED"
  | "LOCK_SYSTEM_FAILED"
  | "LOCK_UNSUPPORTED"
  | "LOCK_UNTRUSTED"
  | "LOCK_BACKEND_FAILED"
  | "UNLOCK_REQUEST_FAILED";

/** What an error of this package carries besides its message. */
export interface LockErrorOptions {
  readonly code: LockErrorCode;
  readonly path?: string;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Base class of every error of this package. */
export class LockError extends Error {
  /** Stable identifier of the cause. */
  readonly code: LockErrorCode;
  /** The lock file (or the key of the lock in etcd) that this is about. */
  readonly path: string | undefined;
  /** What the user can do about it. */
  readonly hint: string | undefined;

  constructor(message: string, options: LockErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "LockError";
    this.code = options.code;
    this.path = options.path;
    this.hint = options.hint;
  }
}

/** The lock did not become free in time. `holders` says who has it. */
export class LockHeldError extends LockError {
  /** Who holds the lock, as far as the kernel and the notes in the files tell. */
  readonly holders: readonly LockHolder[];
  /** How long was waited, in milliseconds; 0 when the caller did not want to wait. */
  readonly waitedMs: number;

  constructor(
    message: string,
    options: Omit<LockErrorOptions, "code"> & { holders: readonly LockHolder[]; waitedMs: number },
  ) {
    super(message, { ...options, code: "LOCK_HELD" });
    this.name = "LockHeldError";
    this.holders = options.holders;
    this.waitedMs = options.waitedMs;
  }
}
