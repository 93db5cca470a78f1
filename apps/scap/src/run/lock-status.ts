import { EXIT, renderTable, type Invocation } from "@scap/cli";
import { lockStatus, printable, type LockStatus, type LockStatusProcess } from "@scap/lock";
import type { LockPlaces } from "../lock-places.ts";

/** Prints every lock of the host: as a table, or as `{"locks": [...]}`. */
export async function showLocks({ options, stdout }: Invocation, places: LockPlaces): Promise<number> {
  const locks = await lockStatus({ globalLock: places.globalLock, paths: [places.specificLock] });
  if (options.flag("json")) stdout.write(`${JSON.stringify({ locks })}\n`);
  else if (locks.length === 0) stdout.write("Nothing has been locked since this host was started.\n");
  else
    stdout.write(
      renderTable([["LOCK", "STATE", "HOLDER", "AGE", "WAITING", "MESSAGE"], ...locks.map(toRow)]),
    );
  return EXIT.ok;
}

function toRow(lock: LockStatus): string[] {
  const { holders, locker, mode, path, reason, state, waiters } = lock;
  const isKnown = state !== "free";
  return [
    path,
    state === "held" ? `held (${mode ?? "?"})` : state,
    isKnown ? [printable(locker ?? ""), ...holders.map(describe)].filter(Boolean).join(", ") || "?" : "",
    isKnown && lock.ageSeconds !== null ? age(lock.ageSeconds) : "",
    waiters.map(describe).join(", "),
    isKnown ? printable(reason ?? "") : "",
  ];
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
