import { parseAsctimeUtc } from "../lock-note.ts";
import type { LockStatus } from "../lock-status.ts";
import { EtcdClient, field, textField, type EtcdClientOptions } from "./etcd-client.ts";
import { ETCD_GLOBAL_NAME, ETCD_PREFIX, readEtcdPair, wholePrefix } from "./etcd-keys.ts";

/** Which locks in etcd to look at. */
export interface EtcdLockStatusOptions extends EtcdClientOptions {
  /** What all keys start with. @defaultValue `"/scap/lock/"` */
  readonly prefix?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The time that ages are counted to. @defaultValue now */
  readonly now?: Date;
}

/**
 * The locks that are held in etcd, the global one first; free ones leave nothing there.
 *
 * @throws LockError `LOCK_BACKEND_FAILED` when etcd cannot be used.
 */
export async function etcdLockStatus(options: EtcdLockStatusOptions): Promise<LockStatus[]> {
  const { now = new Date(), prefix = ETCD_PREFIX, signal } = options;
  const answer = await new EtcdClient(options).post("kv/range", wholePrefix(prefix), signal);
  const pairs = field(answer, "kvs");
  const locks = (Array.isArray(pairs) ? pairs : []).map((pair: unknown) => toStatus(pair, prefix, now));
  return locks.toSorted((one, other) => Number(other.global) - Number(one.global));
}

function toStatus(pair: unknown, prefix: string, now: Date): LockStatus {
  const { key, note } = readEtcdPair(pair);
  const part = (name: string): string | null => textField(note, name) || null;
  const since = parseAsctimeUtc(part("timestamp_utc") ?? "");
  const pid = Number(part("pid") ?? Number.NaN);
  const locker = part("locker");
  const process = { pid: Number.isInteger(pid) ? pid : null, user: locker, command: null };
  return {
    path: key,
    global: key === prefix + ETCD_GLOBAL_NAME,
    state: "held",
    mode: "exclusive",
    host: part("host"),
    holders: [process],
    waiters: [],
    locker,
    pid: process.pid,
    since: since?.toISOString() ?? null,
    ageSeconds: since ? Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000)) : null,
    reason: part("reason"),
  };
}
