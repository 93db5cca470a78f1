import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { CdbError, errnoOf, ioError } from "../errors.ts";

/** Where everything that belongs to one CDB file of a localisation cache is. */
export interface CacheFile {
  /** Name of the CDB file, for example `l10n_cache-en.cdb`. */
  readonly name: string;
  readonly cdbPath: string;
  readonly jsonPath: string;
  readonly md5Path: string;
}

/** The folder with the JSON and MD5 files. */
export function upstreamOf(directory: string): string {
  return join(directory, "upstream");
}

/** The paths of a CDB file's companions. */
export function cacheFile(directory: string, name: string): CacheFile {
  const upstream = upstreamOf(directory);
  return {
    name,
    cdbPath: join(directory, name),
    jsonPath: join(upstream, `${name}.json`),
    md5Path: join(upstream, `${name}.MD5`),
  };
}

/**
 * Names of the regular files in a folder that end in `suffix`, without it, sorted. Hidden files do not count.
 *
 * @returns an empty list if there is no such folder
 */
export function listNames(directory: string, suffix: string): string[] {
  return list(directory)
    .filter((name) => name.endsWith(suffix) && !name.startsWith("."))
    .filter((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.isFile() === true)
    .map((name) => name.slice(0, -suffix.length))
    .toSorted();
}

/** @throws {@link CdbError} `CDB_IO` unless the path is a directory */
export function requireDirectory(directory: string): void {
  let isDirectory: boolean;
  try {
    isDirectory = statSync(directory).isDirectory();
  } catch (error) {
    throw ioError("open the directory", directory, error);
  }
  if (!isDirectory) throw new CdbError("CDB_IO", "not a directory", { path: directory });
}

/** Workers for a number given by the user: below 1 it means the processors less two, at least 1. */
export function resolveThreads(threads: number | undefined): number {
  if (threads === undefined || threads < 1) return Math.max(1, availableParallelism() - 2);
  if (!Number.isSafeInteger(threads))
    throw new CdbError("CDB_OPTION", `threads must be a whole number, not ${threads}`);
  return threads;
}

/** Whether a temporary file with this target may belong to a localisation cache. */
export function isCacheFileName(name: string): boolean {
  return /\.cdb(\.json|\.MD5)?$/.test(basename(name)) || name === STATE_FILE;
}

/** What a rebuild remembers, in the upstream folder. */
export const STATE_FILE = ".scap-state.json";

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw ioError("list", directory, error);
  }
}
