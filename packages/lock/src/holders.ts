import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { kernelLocks, lookAtLocks, type LockProcess } from "./kernel-locks.ts";
import { parseNote, type LockNote } from "./lock-note.ts";
import type { LockMode } from "./native-locks.ts";

/** Somebody who holds a lock: what the kernel knows, and what the note in the file says. */
export interface LockHolder {
  /** The lock file that is held. */
  readonly path: string;
  /** Undefined when only the note is known. */
  readonly mode: LockMode | undefined;
  /** Process id from the kernel, else the one of the note. */
  readonly pid: number | undefined;
  /** The user that the process really runs as, when it is known. */
  readonly uid: number | undefined;
  /** Command line of that process, when it may be looked at. */
  readonly command: string | undefined;
  /** What the holder wrote into the file; shared holders write nothing. */
  readonly note: LockNote | undefined;
  /** Why there is no note although there should be one, for example "is not JSON". */
  readonly noteProblem: string | undefined;
}

/** Which files to look at for the holders of a lock. */
export interface HolderQuery {
  readonly path: string;
  readonly globalLock: string | false;
}

/**
 * Everybody who holds a lock that conflicts with an exclusive one on the file. The holders of the shared global
 * lock are shown by the specific locks that they took with it. Notes without a holder (left behind by a killed
 * process) are not shown.
 */
export function findHolders({ path, globalLock }: HolderQuery): LockHolder[] {
  const own = holdersOfFiles([path]);
  if (path !== globalLock || own.some((holder) => holder.mode === "exclusive")) return own;
  const specific = holdersOfFiles(lockFilesIn(dirname(path)).filter((other) => other !== path));
  const explained = new Set(specific.map((holder) => holder.pid));
  return [...specific, ...own.filter((holder) => !explained.has(holder.pid))];
}

/** The regular files of a lock directory that can be locks of Scap, sorted by name. */
export function lockFilesIn(directory: string): string[] {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.includes("scap"))
    .map((entry) => join(directory, entry.name))
    .toSorted();
}

/** The state of one lock file: its note, and the processes that hold it or wait for it. */
export interface LockFileState {
  readonly note: LockNote | undefined;
  readonly noteProblem: string | undefined;
  readonly holders: readonly LockProcess[];
  readonly waiters: readonly LockProcess[];
  readonly stats: Stats;
}

/** Reads the state of lock files, by path; those that do not exist are left out. */
export function readLockFiles(paths: readonly string[]): Map<string, LockFileState> {
  const files = paths.flatMap((path) => {
    const found = regularFile(path);
    return found === undefined ? [] : [{ path, ...found }];
  });
  const look = lookAtLocks(files.map(({ real }) => real));
  return new Map(
    files.map(({ path, real, stats }) => [
      path,
      { ...readNote(real), ...kernelLocks(real, stats, look), stats },
    ]),
  );
}

function regularFile(path: string): { real: string; stats: Stats } | undefined {
  try {
    const real = realpathSync(path);
    const stats = statSync(real);
    return stats.isFile() ? { real, stats } : undefined;
  } catch {
    return undefined;
  }
}

function holdersOfFiles(paths: readonly string[]): LockHolder[] {
  return [...readLockFiles(paths)].flatMap(([path, state]) =>
    state.holders.map((holder) => toHolder(path, holder, state)),
  );
}

function toHolder(path: string, holder: LockProcess, state: LockFileState): LockHolder {
  const isNoteTheirs = holder.mode !== "shared";
  return {
    path,
    mode: holder.mode,
    pid: holder.pid > 0 ? holder.pid : state.note?.pid,
    uid: holder.uid,
    command: holder.command,
    note: isNoteTheirs ? state.note : undefined,
    noteProblem: isNoteTheirs ? state.noteProblem : undefined,
  };
}

function readNote(path: string): Pick<LockFileState, "note" | "noteProblem"> {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return { note: undefined, noteProblem: "cannot be read" };
  }
  const reading = parseNote(text);
  return {
    note: reading.kind === "note" ? reading.note : undefined,
    noteProblem: reading.kind === "damaged" ? reading.problem : undefined,
  };
}
