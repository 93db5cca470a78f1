import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

import { TargetsError } from "./errors.ts";
import { parseHostList, type HostList } from "./host-list.ts";

/** A list of a million hosts fits; anything larger is some other file. */
export const MAX_LIST_BYTES: number = 32 * 1024 * 1024;

/**
 * Finds a host list file: an absolute path is used as it is, a relative one is joined to each directory, and the
 * first regular file counts.
 *
 * @throws {TargetsError} `TARGET_LIST_MISSING` naming the directories
 */
export async function findHostListFile(name: string, searchPath: readonly string[]): Promise<string> {
  const candidates = isAbsolute(name) ? [name] : searchPath.map((directory) => join(directory, name));
  const others: string[] = [];
  for (const candidate of candidates) {
    const found = await statOrNothing(candidate);
    if (found?.isFile() === true) return candidate;
    if (found !== undefined) others.push(candidate);
  }
  throw missing(name, searchPath, others);
}

/**
 * Reads a host list file.
 *
 * @throws {TargetsError} `TARGET_LIST_UNREADABLE`, or `TARGET_LIST_INVALID`
 */
export async function readHostListFile(path: string): Promise<HostList> {
  return parseHostList(decodeHostList(await readCapped(path), path), path);
}

/**
 * Text of a host list, which must be UTF-8.
 *
 * @throws {TargetsError} `TARGET_LIST_INVALID`
 */
export function decodeHostList(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TargetsError(`The host list ${source} is not UTF-8 text`, {
      code: "TARGET_LIST_INVALID",
      cause,
    });
  }
}

async function readCapped(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_LIST_BYTES) return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TargetsError(`Cannot read the host list ${path}: ${reason}`, {
      code: "TARGET_LIST_UNREADABLE",
      cause,
    });
  }
  throw new TargetsError(`The host list ${path} is larger than ${MAX_LIST_BYTES} bytes`, {
    code: "TARGET_LIST_UNREADABLE",
  });
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TargetsError(`Cannot read the host list ${path}: ${reason}`, {
      code: "TARGET_LIST_UNREADABLE",
      cause: error,
    });
  }
}

function missing(name: string, searchPath: readonly string[], others: readonly string[]): TargetsError {
  const where = isAbsolute(name) ? "" : ` in ${searchPath.join(", ")}`;
  const message =
    others.length > 0
      ? `The host list ${name} is not a file: ${others.join(", ")}`
      : `There is no host list ${name}${where}`;
  return new TargetsError(message, {
    code: "TARGET_LIST_MISSING",
    hint: "Create the file with one host a line, or set the option to inline:web[1-3].",
  });
}
