import { type BigIntStats, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A log file, and what tells it apart from another file of the same name. */
export interface LogFile {
  readonly path: string;
  readonly inode: bigint;
  readonly sizeBytes: number;
}

/**
 * The regular files `*.log` with the newest modification time: normally one, but files that were written within one
 * tick of the system's clock (some milliseconds) cannot be told apart. Empty for a missing directory.
 */
export function newestLogs(directory: string): LogFile[] {
  const files = logNames(directory).flatMap((name) => logFile(join(directory, name)));
  const newestNs = files.reduce((newest, { mtimeNs }) => (mtimeNs > newest ? mtimeNs : newest), 0n);
  return files.filter(({ mtimeNs }) => mtimeNs === newestNs);
}

function logFile(path: string): (LogFile & { readonly mtimeNs: bigint })[] {
  const stats = fileStats(path);
  return stats?.isFile() === true
    ? [{ path, inode: stats.ino, sizeBytes: Number(stats.size), mtimeNs: stats.mtimeNs }]
    : [];
}

function logNames(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".log"));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

// A file may vanish between the listing and the look at it.
function fileStats(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
