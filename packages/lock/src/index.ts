export { acquireLocks, type AcquireLocksOptions, type HeldLocks } from "./acquire-locks.ts";
export { acquireEtcdLock, type AcquireEtcdLockOptions, type HeldEtcdLock } from "./etcd/acquire-etcd-lock.ts";
export { ETCD_GLOBAL_NAME } from "./etcd/etcd-keys.ts";
export { etcdLockStatus, type EtcdLockStatusOptions } from "./etcd/etcd-lock-status.ts";
export type { EtcdClientOptions } from "./etcd/etcd-client.ts";
export { acquireLock, loginName, type AcquireLockOptions } from "./acquire-lock.ts";
export { describeHolder, describeHolders, printable, type WantedLock } from "./describe-holder.ts";
export { LockError, LockHeldError, type LockErrorCode, type LockErrorOptions } from "./errors.ts";
export type { HeldLock } from "./held-lock.ts";
export { findHolders, type HolderQuery, type LockHolder } from "./holders.ts";
export type { LockProcess } from "./kernel-locks.ts";
export type { OwnerCheck } from "./owner-check.ts";
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
export { LOCK_TOKEN_VARIABLE } from "./drain.ts";
export {
  lockStatus,
  type LockStatus,
  type LockStatusOptions,
  type LockStatusProcess,
} from "./lock-status.ts";
export { trustedOwners } from "./owner-check.ts";
export {
  readGlobalLock,
  requestUnlock,
  type GlobalLockState,
  type RequestUnlockOptions,
  type UnlockOutcome,
} from "./request-unlock.ts";
export { DEFAULT_SIGNAL_DIR, type UnlockRequest } from "./unlock-files.ts";
export { watchForUnlock, type GrantedUnlock, type UnlockWatchOptions } from "./unlock-watcher.ts";
export type { LockWait } from "./lock-wait.ts";
export type { LockMode } from "./native-locks.ts";
