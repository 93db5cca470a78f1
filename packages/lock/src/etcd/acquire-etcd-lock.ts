import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { lockerName } from "../acquire-lock.ts";
import { printable } from "../describe-holder.ts";
import { LockError, LockHeldError } from "../errors.ts";
import { asctimeUtc } from "../lock-note.ts";
import { loadNativeLocks } from "../native-locks.ts";
import type { LockWait } from "../lock-wait.ts";
import { EtcdClient, field, textField, toBase64, type EtcdClientOptions } from "./etcd-client.ts";
import { ETCD_GLOBAL_NAME, ETCD_PREFIX, readEtcdPair, wholePrefix } from "./etcd-keys.ts";
import { EtcdLease } from "./etcd-lease.ts";

/** What to lock in etcd, and for how long to wait. */
export interface AcquireEtcdLockOptions extends EtcdClientOptions {
  /** Name of the lock, for example of the repository; `"global"` excludes all others. */
  readonly name: string;
  readonly reason: string;
  /** Longest wait in milliseconds; 0 fails at once. @defaultValue 600_000 */
  readonly timeoutMs?: number | undefined;
  /** How long the lock outlives a dead holder, in seconds. @defaultValue 30 */
  readonly leaseSeconds?: number | undefined;
  /** What all keys start with. @defaultValue `"/scap/lock/"` */
  readonly prefix?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when the waiting starts, and whenever somebody else has the lock. */
  readonly onWaiting?: ((wait: LockWait) => void) | undefined;
}

/** A lock that this process holds in etcd. */
export interface HeldEtcdLock {
  readonly key: string;
  /** Grows with every lock that anybody takes: whoever stores it can refuse the work of an older holder. */
  readonly fencingRevision: bigint;
  /** Aborted when the lock is lost; the work under it must then stop. */
  readonly lost: AbortSignal;
  /** Gives the lock up. When etcd cannot be reached it ends with its lease instead. */
  release(): Promise<void>;
}

const LOOK_EVERY_MS = 250;

/**
 * Takes a lock that several deploy servers share. It is freed by its lease when this process or its network dies.
 *
 * @throws LockHeldError when it did not become free in time.
 * @throws LockError `LOCK_BACKEND_FAILED` when etcd cannot be used.
 */
export async function acquireEtcdLock(options: AcquireEtcdLockOptions): Promise<HeldEtcdLock> {
  const { timeoutMs = 600_000, leaseSeconds = 30, prefix = ETCD_PREFIX, signal } = options;
  signal?.throwIfAborted();
  const deadline = performance.now() + timeoutMs;
  const client = new EtcdClient(options);
  const lease = await EtcdLease.grant(client, leaseSeconds, signal);
  const request = {
    key: prefix + options.name,
    prefix,
    value: await noteOf(options.reason),
    lease: lease.id,
  };
  try {
    for (let seen = ""; ;) {
      const attempt = await tryOnce(client, request, signal);
      if (attempt.revision !== undefined) return held(request.key, attempt.revision, lease);
      if (performance.now() >= deadline) throw heldError(request.key, attempt.holders, timeoutMs);
      const [lines, remainingMs] = [attempt.holders, deadline - performance.now()];
      if (lines.join() !== seen)
        options.onWaiting?.({ path: request.key, name: options.name, lines, remainingMs });
      seen = lines.join();
      await sleep(Math.min(LOOK_EVERY_MS, Math.max(1, deadline - performance.now())));
      signal?.throwIfAborted();
      lease.lost.throwIfAborted();
    }
  } catch (error) {
    await lease.revoke().catch(() => {});
    throw error;
  }
}

interface LockRequest {
  readonly key: string;
  readonly prefix: string;
  readonly value: string;
  readonly lease: string;
}

interface Attempt {
  /** The revision of the lock when it was taken. */
  readonly revision: bigint | undefined;
  readonly holders: readonly string[];
}

async function tryOnce(
  client: EtcdClient,
  request: LockRequest,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const everything = wholePrefix(request.prefix);
  const isGlobal = request.key === request.prefix + ETCD_GLOBAL_NAME;
  const mustBeFree = isGlobal
    ? [everything]
    : [{ key: toBase64(request.prefix + ETCD_GLOBAL_NAME) }, { key: toBase64(request.key) }];
  const answer = await client.post(
    "kv/txn",
    {
      compare: mustBeFree.map((keys) => ({
        ...keys,
        target: "CREATE",
        result: "EQUAL",
        create_revision: "0",
      })),
      success: [
        { request_put: { key: toBase64(request.key), value: toBase64(request.value), lease: request.lease } },
      ],
      failure: mustBeFree.map((keys) => ({ request_range: keys })),
    },
    signal,
  );
  if (field(answer, "succeeded") === true) {
    return { revision: BigInt(textField(field(answer, "header"), "revision")), holders: [] };
  }
  return { revision: undefined, holders: holdersIn(answer) };
}

function holdersIn(answer: unknown): string[] {
  const responses = field(answer, "responses");
  if (!Array.isArray(responses)) return [];
  return responses.flatMap((response: unknown) => {
    const pairs = field(field(response, "response_range"), "kvs");
    return Array.isArray(pairs) ? pairs.map(describePair) : [];
  });
}

function describePair(pair: unknown): string {
  const { key: rawKey, note } = readEtcdPair(pair);
  const key = printable(rawKey);
  if (note === undefined) return `${key} is locked, but no details are available`;
  const part = (name: string): string => printable(textField(note, name)) || "?";
  const process = `pid ${part("pid")} on ${part("host")}`;
  return `${key} is locked by ${part("locker")} (${process}) since ${part("timestamp_utc")} UTC: ${part("reason")}`;
}

function held(key: string, fencingRevision: bigint, lease: EtcdLease): HeldEtcdLock {
  let isReleased = false;
  return {
    key,
    fencingRevision,
    lost: lease.lost,
    async release() {
      if (isReleased) return;
      isReleased = true;
      try {
        await lease.revoke();
      } catch (error) {
        if (!(error instanceof LockError)) throw error;
      }
    },
  };
}

function heldError(key: string, holders: readonly string[], timeoutMs: number): LockHeldError {
  const waited = timeoutMs > 0 ? ` after waiting ${timeoutMs / 1000} seconds` : "";
  const [first = `${key} is locked, but no details are available`, ...others] = holders;
  return new LockHeldError(`Cannot get the lock "${key}" in etcd${waited}: ${first}`, {
    path: key,
    hint: [...others, "Wait for that to finish, or ask its owner."].join("\n"),
    holders: [],
    waitedMs: timeoutMs,
  });
}

async function noteOf(reason: string): Promise<string> {
  return JSON.stringify({
    locker: lockerName(await loadNativeLocks()),
    host: hostname(),
    pid: process.pid,
    timestamp_utc: asctimeUtc(new Date()),
    reason,
  });
}
