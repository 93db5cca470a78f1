import { readFileSync, readdirSync, readlinkSync, statSync, type Stats } from "node:fs";
import type { LockMode } from "./native-locks.ts";

/** A process that the kernel says has, or waits for, a lock on a file. */
export interface LockProcess {
  /** 0 when the process is not known: it belongs to somebody else, or lives in another pid namespace. */
  readonly pid: number;
  /** The user that it runs as; undefined when the process is not known. */
  readonly uid: number | undefined;
  /** Command line, words joined by blanks; undefined when the process may not be looked at. */
  readonly command: string | undefined;
  /** The kind of lock; for a waiting process what it asks for, when that is known. */
  readonly mode: LockMode | undefined;
}

/** Everything that can be learnt about the locks on one file without taking part. */
export interface KernelLocks {
  readonly holders: readonly LockProcess[];
  /** Processes blocked in the kernel, and processes that have the file open and poll for it. */
  readonly waiters: readonly LockProcess[];
}

/** One look at the locks and the open files of all processes: it takes the longer the more of them there are. */
export interface KernelLook {
  readonly locks: readonly ProcLock[];
  /** By path, the processes that have the file open, with the lock that they hold through it. */
  readonly openers: ReadonlyMap<string, readonly LockProcess[]>;
}

/** Looks once for any number of files, whose paths are without symbolic links. */
export function lookAtLocks(paths: readonly string[]): KernelLook {
  return { locks: readProcLocks(), openers: openersOf(new Set(paths)) };
}

/**
 * Who has or wants the lock of a file.
 *
 * `/proc/locks` names the process of POSIX locks only; an open-file-description lock is found through the open
 * files of the processes, which needs to be root or the same user. A holder that stays unknown has pid 0.
 */
export function kernelLocks(path: string, stats: Pick<Stats, "dev" | "ino">, look: KernelLook): KernelLocks {
  const entries = look.locks.filter(
    (entry) => entry.inode === stats.ino && entry.device === deviceOf(stats.dev),
  );
  const blocked: LockProcess[] = [];
  const holders = new Map<number, LockProcess>();
  for (const entry of entries.filter(({ pid }) => pid > 0)) {
    const found = { ...processOf(entry.pid), mode: entry.mode };
    if (entry.isWaiting) blocked.push(found);
    else holders.set(found.pid, found);
  }
  const polling: LockProcess[] = [];
  for (const opener of look.openers.get(path) ?? []) {
    if (opener.mode) holders.set(opener.pid, opener);
    else if (!holders.has(opener.pid)) polling.push(opener);
  }
  const anonymous = entries.find((entry) => entry.pid <= 0 && !entry.isWaiting);
  if (anonymous && holders.size === 0) {
    holders.set(0, { pid: 0, uid: undefined, command: undefined, mode: anonymous.mode });
  }
  const isNew = (waiter: LockProcess): boolean =>
    !holders.has(waiter.pid) && !blocked.some((other) => other.pid === waiter.pid);
  return { holders: [...holders.values()], waiters: [...blocked, ...polling.filter(isNew)] };
}

/** A line of `/proc/locks`. */
export interface ProcLock {
  readonly isWaiting: boolean;
  readonly mode: LockMode;
  readonly pid: number;
  readonly device: string;
  readonly inode: number;
}

const PROC_LOCK =
  /^\d+:\s+(->\s+)?(?:POSIX|OFDLCK)\s+\S+\s+(READ|WRITE)\s+(-?\d+)\s+([0-9a-f]+:[0-9a-f]+):(\d+)\s/;

function readProcLocks(): ProcLock[] {
  return textOf("/proc/locks")
    .split("\n")
    .flatMap((line) => {
      const match = PROC_LOCK.exec(line);
      if (!match) return [];
      return [
        {
          isWaiting: match[1] !== undefined,
          mode: match[2] === "WRITE" ? "exclusive" : "shared",
          pid: Number(match[3]),
          device: match[4] ?? "",
          inode: Number(match[5]),
        },
      ];
    });
}

function openersOf(paths: ReadonlySet<string>): Map<string, LockProcess[]> {
  const openers = new Map<string, LockProcess[]>();
  for (const name of namesIn("/proc").filter((entry) => /^\d+$/.test(entry))) {
    for (const [path, mode] of openFilesOf(name, paths)) {
      const pid = Number(name);
      openers.set(path, [...(openers.get(path) ?? []), { ...processOf(pid), mode }]);
    }
  }
  return openers;
}

/** Those of the paths that a process has open, with the lock that it holds through one of its descriptors. */
function openFilesOf(pid: string, paths: ReadonlySet<string>): Map<string, LockMode | undefined> {
  const found = new Map<string, LockMode | undefined>();
  for (const fd of namesIn(`/proc/${pid}/fd`)) {
    const path = linkOf(`/proc/${pid}/fd/${fd}`);
    if (!paths.has(path)) continue;
    found.set(path, heldMode(textOf(`/proc/${pid}/fdinfo/${fd}`)) ?? found.get(path));
  }
  return found;
}

function heldMode(fdinfo: string): LockMode | undefined {
  const match = /^lock:\s+\d+:\s+(?:POSIX|OFDLCK)\s+\S+\s+(READ|WRITE)\s/m.exec(fdinfo);
  if (!match) return undefined;
  return match[1] === "WRITE" ? "exclusive" : "shared";
}

function processOf(pid: number): Omit<LockProcess, "mode"> {
  const words = textOf(`/proc/${pid}/cmdline`).split("\0").filter(Boolean);
  const uid = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
  return { pid, uid, command: words.length > 0 ? words.join(" ") : undefined };
}

/** The device number as `/proc/locks` prints it; the layout of `dev_t` is glibc's and musl's alike. */
function deviceOf(dev: number): string {
  const value = BigInt(dev);
  const major = ((value >> 8n) & 0xfffn) | ((value >> 32n) & 0xfffff000n);
  const minor = (value & 0xffn) | ((value >> 12n) & 0xffffff00n);
  return [major, minor].map((part) => part.toString(16).padStart(2, "0")).join(":");
}

// Processes end while they are looked at, and those of other users may not be read: both mean "nothing known".
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
