import { performance } from "node:perf_hooks";
import { LockError } from "./errors.ts";
import { HeldLock } from "./held-lock.ts";
import type { LockHolder } from "./holders.ts";
import { openAndLock, type LockWait } from "./lock-wait.ts";
import { globalLockPath } from "./lock-paths.ts";
import { loadNativeLocks, type LockMode, type NativeLocks } from "./native-locks.ts";
import { lockGroup } from "./owner-check.ts";

/** What to lock, why, and how long to wait. */
export interface AcquireLockOptions {
  /** The lock file; created with its directory when missing. */
  readonly path: string;
  /** What the user knows this lock by, for example the command: used in messages. */
  readonly name: string;
  /** Why the lock is taken; others read it while they wait. */
  readonly reason: string;
  /** Longest wait in milliseconds for both locks together, up to an hour; 0 fails at once. @defaultValue 600_000 */
  readonly timeoutMs?: number;
  /** @defaultValue `"exclusive"` */
  readonly mode?: LockMode;
  /**
   * The lock that is taken in shared mode first and kept as long; `false` takes none.
   * @defaultValue `"/var/lock/scap-global-lock"`
   */
  readonly globalLock?: string | false;
  /** Ends the waiting; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called when the waiting starts, and then every 30 seconds. */
  readonly onWaiting?: ((holders: readonly LockHolder[], wait: LockWait) => void) | undefined;
  /**
   * Name of the group of the people who deploy: lock files are theirs alone, and files of other owners are refused.
   * @defaultValue anybody may lock, as in Python Scap
   */
  readonly group?: string | undefined;
}

const MAX_TIMEOUT_MS = 3_600_000;
const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Takes a lock, waiting until it is free. The kernel frees it however this process ends.
 *
 * Nobody queues: whoever asks at the right moment gets the lock, and shared holders may come while somebody waits
 * for an exclusive one, because a command holds the shared global lock while its child commands take it again.
 *
 * @throws LockHeldError when it did not become free in time.
 * @throws LockError for a path or option that cannot work. Nothing is held then.
 */
export async function acquireLock(options: AcquireLockOptions): Promise<HeldLock> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, mode = "exclusive", signal } = options;
  const globalLock = options.globalLock ?? globalLockPath();
  validate(timeoutMs, mode);
  signal?.throwIfAborted();
  const native = await loadNativeLocks();
  const group = options.group === undefined ? undefined : lockGroup(native, options.group);
  const take = (lock: { path: string; name: string; mode: LockMode }): Promise<number> =>
    openAndLock(native, { ...options, ...lock, group, globalLock, timeoutMs, deadline });
  const deadline = performance.now() + timeoutMs;

  const held: HeldLock[] = [];
  try {
    if (globalLock !== false && globalLock !== options.path) {
      const fd = await take({ path: globalLock, name: "global lock", mode: "shared" });
      held.push(new HeldLock({ native, fd, path: globalLock, mode: "shared" }));
    }
    const fd = await take({ path: options.path, name: options.name, mode });
    const lock = new HeldLock({ native, fd, path: options.path, mode, outer: held[0] });
    held.unshift(lock);
    if (mode === "exclusive") lock.writeNote(lockerName(native), options.reason);
    return lock;
  } catch (error) {
    held[0]?.release();
    throw error;
  }
}

/**
 * Who runs this command, also through sudo: as {@link lockerName} says.
 *
 * @throws LockError `LOCK_UNSUPPORTED` on systems other than Linux
 */
export async function loginName(): Promise<string> {
  return lockerName(await loadNativeLocks());
}

/** Login name of the terminal session, else of the real user; `SPIDERPIG_REAL_USER` wins. */
export function lockerName(native: Pick<NativeLocks, "loginName" | "accountName">): string {
  const uid = process.getuid?.() ?? 0;
  return (
    process.env["SPIDERPIG_REAL_USER"] || native.loginName() || native.accountName(uid) || `user id ${uid}`
  );
}

function validate(timeoutMs: number, mode: LockMode): void {
  if (!(timeoutMs >= 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw new LockError(`Lock timeout of ${timeoutMs / 1000} seconds is out of range`, {
      code: "LOCK_BAD_OPTION",
      hint: "Allowed are 0 (do not wait) to 3600 seconds.",
    });
  }
  if (mode !== "exclusive" && mode !== "shared") {
    throw new LockError(`Unknown lock mode "${String(mode)}"`, {
      code: "LOCK_BAD_OPTION",
      hint: 'Use "exclusive" or "shared".',
    });
  }
}
