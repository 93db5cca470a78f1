import { dirname } from "node:path";
import { lockFilesIn, readLockFiles, type LockFileState } from "./holders.ts";
import type { LockProcess } from "./kernel-locks.ts";
import { parseAsctimeUtc } from "./lock-note.ts";
import { globalLockPath } from "./lock-paths.ts";
import { loadNativeLocks, type LockMode, type NativeLocks } from "./native-locks.ts";

/** Which locks to look at. */
export interface LockStatusOptions {
  /** @defaultValue `"/var/lock/scap-global-lock"`; the other locks of its directory are looked at too */
  readonly globalLock?: string;
  /** Further lock files, for example the value of the option `lock_file`. */
  readonly paths?: readonly string[];
  /** The time that ages are counted to. @defaultValue now */
  readonly now?: Date;
}

/** A process that has or wants a lock, ready to be printed as JSON. */
export interface LockStatusProcess {
  /** Null when it cannot be found out. */
  readonly pid: number | null;
  readonly user: string | null;
  readonly command: string | null;
}

/** The state of one lock, with the same names as in `scap lock --status --json`. */
export interface LockStatus {
  readonly path: string;
  /** Whether it is the lock that stops all deployments. */
  readonly global: boolean;
  /** `stale`: nobody holds it, but the note of a process that was killed is still there. */
  readonly state: "free" | "held" | "stale";
  readonly mode: LockMode | null;
  /** The deploy server that holds it, where the lock is in etcd; absent for lock files, which are of this host. */
  readonly host?: string | null;
  readonly holders: readonly LockStatusProcess[];
  readonly waiters: readonly LockStatusProcess[];
  /** What the note says; null for what it does not. */
  readonly locker: string | null;
  readonly pid: number | null;
  readonly since: string | null;
  readonly ageSeconds: number | null;
  readonly reason: string | null;
}

/** The state of all locks of the host, the global one first. */
export async function lockStatus(options: LockStatusOptions = {}): Promise<LockStatus[]> {
  const { globalLock = globalLockPath(), paths = [], now = new Date() } = options;
  const native = await loadNativeLocks();
  const others = [...lockFilesIn(dirname(globalLock)), ...paths].filter((path) => path !== globalLock);
  const files = readLockFiles([globalLock, ...new Set(others)]);
  return [...files].map(([path, file]) =>
    toStatus({ path, isGlobal: path === globalLock, file, native, now }),
  );
}

interface StatusParts {
  readonly path: string;
  readonly isGlobal: boolean;
  readonly file: LockFileState;
  readonly native: NativeLocks;
  readonly now: Date;
}

function toStatus({ path, isGlobal, file, native, now }: StatusParts): LockStatus {
  const { note, holders } = file;
  const since = note?.timestampUtc === undefined ? undefined : parseAsctimeUtc(note.timestampUtc);
  const person = (process: LockProcess): LockStatusProcess => describe(process, native);
  return {
    path,
    global: isGlobal,
    state: holders.length > 0 ? "held" : note ? "stale" : "free",
    mode: holders[0]?.mode ?? null,
    holders: holders.map(person),
    waiters: file.waiters.map(person),
    locker: note?.locker ?? null,
    pid: note?.pid ?? null,
    since: since?.toISOString() ?? null,
    ageSeconds: since ? Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000)) : null,
    reason: note?.reason ?? null,
  };
}

function describe({ pid, uid, command }: LockProcess, native: NativeLocks): LockStatusProcess {
  const user = uid === undefined ? undefined : (native.accountName(uid) ?? String(uid));
  return { pid: pid > 0 ? pid : null, user: user ?? null, command: command ?? null };
}
