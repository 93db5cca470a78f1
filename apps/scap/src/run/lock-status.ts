import { EXIT, renderTable, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { etcdLockStatus, lockStatus, printable, type LockStatus, type LockStatusProcess } from "@scap/lock";
import { etcdPlaces } from "../etcd-lock.ts";
import { lockPlaces } from "../lock-places.ts";

/**
 * Prints every lock of the host, and of the cluster where there is one: as a table, or as `{"locks": [...]}`.
 *
 * @throws LockError `LOCK_BACKEND_FAILED` when etcd cannot be asked; nothing is printed then
 */
export async function showLocks(
  { interrupts, options, stdout }: Invocation,
  config: Config,
): Promise<number> {
  const { globalLock, specificLock } = lockPlaces(config);
  const shared = etcdPlaces(config);
  const locks = [
    ...(shared === undefined ? [] : await etcdLockStatus({ ...shared, signal: interrupts.stop })),
    ...(await lockStatus({ globalLock, paths: [specificLock] })),
  ];
  if (options.flag("json")) stdout.write(`${JSON.stringify({ locks })}\n`);
  else if (locks.length === 0) stdout.write("Nothing has been locked since this host was started.\n");
  else
    stdout.write(
      renderTable([["LOCK", "STATE", "HOLDER", "AGE", "WAITING", "MESSAGE"], ...inOrder(locks).map(toRow)]),
    );
  return EXIT.ok;
}

const RANKS: Readonly<Record<LockStatus["state"], number>> = { held: 0, stale: 1, free: 2 };

/** A deploy server may have hundreds of free ones: those that keep somebody away come first. */
function inOrder(locks: readonly LockStatus[]): LockStatus[] {
  return locks.toSorted((a, b) => RANKS[a.state] - RANKS[b.state]);
}

function toRow(lock: LockStatus): string[] {
  const { host, mode, path, reason, state, waiters } = lock;
  const isKnown = state !== "free";
  return [
    host === undefined ? path : `etcd: ${printable(path)}`,
    state === "held" ? `held (${mode ?? "?"})` : state,
    isKnown ? holderText(lock) : "",
    isKnown && lock.ageSeconds !== null ? age(lock.ageSeconds) : "",
    waiters.map(describe).join(", "),
    isKnown ? printable(reason ?? "") : "",
  ];
}

function holderText({ holders, host, locker, pid }: LockStatus): string {
  const name = printable(locker ?? "");
  if (host !== undefined) return `${name || "?"}, pid ${pid ?? "?"} on ${printable(host ?? "?")}`;
  return [name, ...holders.map(describe)].filter(Boolean).join(", ") || "?";
}

function describe({ pid, user }: LockStatusProcess): string {
  return `pid ${pid ?? "?"}${user === null ? "" : ` (${user})`}`;
}

function age(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds}s`;
  if (minutes < 60) return `${minutes}m`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)}h ${minutes % 60}m` : `${Math.floor(minutes / 1440)}d`;
}
