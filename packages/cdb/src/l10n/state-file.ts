import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TempFile } from "../temp-file.ts";
import { STATE_FILE, upstreamOf } from "./cache-files.ts";
import type { FileTimes } from "./file-times.ts";

/** Size and time of the JSON text that each CDB file was made of. */
export type RebuildState = Map<string, FileTimes>;

/** Reads what the last rebuild left. Without that, or if it is damaged, nothing is known: MD5s decide then. */
export function readState(directory: string): RebuildState {
  const state: RebuildState = new Map();
  try {
    const content: unknown = JSON.parse(readFileSync(join(upstreamOf(directory), STATE_FILE), "utf8"));
    if (!isObject(content) || !Array.isArray(content["files"])) return state;
    for (const file of content["files"]) {
      if (!isObject(file)) continue;
      const { name, sizeBytes, mtimeUs } = file;
      if (typeof name !== "string" || typeof sizeBytes !== "number" || typeof mtimeUs !== "number") continue;
      state.set(name, { sizeBytes, mtimeUs });
    }
  } catch {
    return new Map();
  }
  return state;
}

/** Replaces the state file. @throws CdbError `CDB_IO` */
export function writeState(directory: string, state: RebuildState): void {
  // A list, not an object: file names may be anything, also __proto__.
  const files = [...state].map(([name, times]) => ({ name, ...times }));
  const bytes = Buffer.from(`${JSON.stringify({ version: 1, files })}\n`);
  const file = new TempFile(join(upstreamOf(directory), STATE_FILE));
  try {
    file.write(bytes, bytes.length, 0);
  } catch (error) {
    file.discard();
    throw error;
  }
  file.commit();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
