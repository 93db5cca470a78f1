export { acquireLock, type AcquireLockOptions } from "./acquire-lock.ts";
export { describeHolder, describeHolders, printable, type WantedLock } from "./describe-holder.ts";
export { LockError, LockHeldError, type LockErrorCode, type LockErrorOptions } from "./errors.ts";
export type { HeldLock } from "./held-lock.ts";
export { findHolders, type HolderQuery, type LockHolder } from "./holders.ts";
export type { LockProcess } from "./kernel-locks.ts";
export type { OwnerCheck } from "./lock-file.ts";
export type { LockNote } from "./lock-note.ts";
export {
  backportLockPath,
  DEFAULT_LOCK_DIR,
  globalLockPath,
  repositoryLockPath,
  specificLockPath,
  stagingLockPath,
  type LockPathConfig,
} from "./lock-paths.ts";
export type { LockWait } from "./lock-wait.ts";
export type { LockMode } from "./native-locks.ts";
