import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Which logs are too old. */
export interface RemoveOldLogsOptions {
  /** Directory of the log files. A missing one has none. */
  readonly directory: string;
  /** Time since the last record at which a log goes, in milliseconds. */
  readonly olderThanMs: number;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Removes the log files (`*.log`) of a directory that nothing was written to for so long. The newest one always
 * stays: it tells what was deployed last.
 *
 * @returns the names of those removed
 * @throws the file system's error for a file that cannot be removed
 */
export async function removeOldLogs(options: RemoveOldLogsOptions): Promise<string[]> {
  const { directory, nowMs, olderThanMs } = options;
  const [, ...earlier] = await newestFirst(directory);
  const old = earlier.filter(({ writtenMs }) => nowMs - writtenMs > olderThanMs).map(({ name }) => name);
  for (const name of old) await rm(join(directory, name), { force: true });
  return old;
}

interface DatedLog {
  readonly name: string;
  readonly writtenMs: number;
}

async function newestFirst(directory: string): Promise<DatedLog[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(ifMissing([]));
  const logs = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".log"));
  const dated = await Promise.all(logs.map(({ name }) => datedLog(directory, name)));
  return dated.flat().toSorted((a, b) => b.writtenMs - a.writtenMs);
}

async function datedLog(directory: string, name: string): Promise<DatedLog[]> {
  const stats = await stat(join(directory, name)).catch(ifMissing(undefined));
  return stats ? [{ name, writtenMs: stats.mtimeMs }] : [];
}

function ifMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return instead;
    throw error;
  };
}
