import { type BigIntStats, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A log file, and what tells it apart from another file of the same name. */
export interface LogFile {
  readonly path: string;
  readonly inode: bigint;
}

/** The regular file `*.log` with the newest modification time, or `undefined`; a missing directory has none. */
export function newestLog(directory: string): LogFile | undefined {
  let newest: (LogFile & { readonly mtimeNs: bigint }) | undefined;
  for (const name of logNames(directory)) {
    const path = join(directory, name);
    const stats = fileStats(path);
    if (stats?.isFile() !== true) continue;
    if (!newest || stats.mtimeNs > newest.mtimeNs)
      newest = { path, inode: stats.ino, mtimeNs: stats.mtimeNs };
  }
  return newest;
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
