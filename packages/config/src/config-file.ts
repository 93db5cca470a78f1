import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";

import { ConfigError } from "./errors.ts";
import { parseIni, type IniFile } from "./ini.ts";

/** A configuration file is written by hand; anything larger is some other file. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads and parses one file. Undefined when it does not exist.
 *
 * @throws {ConfigError} `CONFIG_FILE_UNREADABLE` when it exists but cannot be read
 */
export async function readConfigFile(path: string): Promise<IniFile | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw unreadable(path, `it has ${size} bytes; the limit is ${MAX_BYTES}`);
    return parseBytes(await readFile(path), path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof ConfigError) throw error;
    throw unreadable(path, error instanceof Error ? error.message : String(error), error);
  }
}

/** Parses bytes that must be UTF-8. */
export function parseBytes(bytes: Uint8Array, path: string): IniFile {
  try {
    // The byte order mark stays, so that the parser can complain about it.
    return parseIni(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), path);
  } catch {
    const origin = { kind: "file", file: path, line: badLine(bytes), section: "" } as const;
    return { ...parseIni("", path), problems: [{ message: "the text is not UTF-8", origin }] };
  }
}

/** True when the path leads to a regular file, through links if need be. */
export async function isRegularFile(path: string): Promise<boolean> {
  return (await statOrNothing(path))?.isFile() ?? false;
}

/** True when something of any kind is at the path. */
export async function pathExists(path: string): Promise<boolean> {
  return (await statOrNothing(path)) !== undefined;
}

async function statOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

function badLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const lines = Buffer.from(bytes)
    .toString("latin1")
    .split(/\r\n|\n|\r/);
  const bad = lines.findIndex((line) => {
    try {
      decoder.decode(Buffer.from(line, "latin1"));
      return false;
    } catch {
      return true;
    }
  });
  return bad + 1;
}

function unreadable(path: string, reason: string, cause?: unknown): ConfigError {
  return new ConfigError(`Cannot read the configuration file ${path}: ${reason}`, {
    code: "CONFIG_FILE_UNREADABLE",
    cause,
    hint: "Make it readable for this account, or remove it.",
  });
}
