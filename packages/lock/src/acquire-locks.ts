import { performance } from "node:perf_hooks";
import { acquireLock, type AcquireLockOptions } from "./acquire-lock.ts";
import { acquireEtcdLock, type AcquireEtcdLockOptions } from "./etcd/acquire-etcd-lock.ts";

/** The lock of this host, and optionally the one that all deploy servers share. */
export interface AcquireLocksOptions {
  readonly local: AcquireLockOptions;
  /** Taken first, with the reason, the deadline and the signal of `local`. */
  readonly etcd?: Omit<AcquireEtcdLockOptions, "reason" | "signal" | "timeoutMs"> | undefined;
}

/** Everything that was locked for one piece of work. */
export interface HeldLocks {
  /** Aborted when the shared lock is lost; never without etcd. */
  readonly lost: AbortSignal;
  /** Grows with every lock that anybody takes in etcd; undefined without etcd. */
  readonly fencingRevision: bigint | undefined;
  release(): Promise<void>;
}

/**
 * Takes the lock in etcd, where one is wanted, and then the one on this host, with one deadline for both.
 *
 * @throws what {@link acquireLock} and {@link acquireEtcdLock} throw; nothing is held then.
 */
export async function acquireLocks({ local, etcd }: AcquireLocksOptions): Promise<HeldLocks> {
  const { reason, signal, timeoutMs = 600_000 } = local;
  const started = performance.now();
  const shared = etcd && (await acquireEtcdLock({ ...etcd, reason, signal, timeoutMs }));
  try {
    const waitedMs = shared === undefined ? 0 : Math.round(performance.now() - started);
    const lock = await acquireLock({ ...local, timeoutMs: Math.max(0, timeoutMs - waitedMs) });
    return {
      lost: shared?.lost ?? new AbortController().signal,
      fencingRevision: shared?.fencingRevision,
      async release() {
        lock.release();
        await shared?.release();
      },
    };
  } catch (error) {
    await shared?.release();
    throw error;
  }
}
