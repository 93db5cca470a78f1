import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { errnoOf, ioError } from "../errors.ts";
import { encodeJson } from "../json/encode-json.ts";
import { readWholeFile } from "../read-whole-file.ts";
import { readCdb } from "../reader.ts";
import { TempFile } from "../temp-file.ts";
import { printable } from "../data.ts";
import type { CacheFile } from "./cache-files.ts";
import { md5Of, readMd5File } from "./md5-file.ts";
import type { WorkerMemory } from "./worker-memory.ts";

/** One JSON text and MD5 file to be made from their CDB file. */
export interface RefreshTask extends CacheFile {
  readonly kind: "refresh";
}

/** What came of a {@link RefreshTask}. */
export interface RefreshFileResult {
  readonly action: "written" | "unchanged";
  readonly warnings: readonly string[];
}

/**
 * Writes the JSON text and the MD5 file of a CDB file, unless its MD5 is the one in the MD5 file. Others may be begun
 * meanwhile, with the same memory.
 *
 * @throws CdbError the old files are as they were
 */
export async function refreshFile(task: RefreshTask, memory: WorkerMemory): Promise<RefreshFileResult> {
  const warnings: string[] = [];
  const files = await writeFiles(task, memory, warnings);
  try {
    await Promise.all(files.map((file) => file.flush()));
    // The MD5 file last: it vouches for the other one.
    for (const file of files) file.commit({ flush: false });
  } catch (error) {
    for (const file of files) file.discard();
    throw error;
  }
  return { action: files.length === 0 ? "unchanged" : "written", warnings };
}

/** Writes what is new to temporary files: two or none. */
async function writeFiles(task: RefreshTask, memory: WorkerMemory, warnings: string[]): Promise<TempFile[]> {
  const place = memory.takePlace();
  try {
    const hasPlace = (size: number): boolean => size <= place.length;
    const bytes = readWholeFile(task.cdbPath, (size) =>
      hasPlace(size) ? place.subarray(0, size) : memory.input.take(size),
    );
    // Large files share their memory, so that no other may be begun before one is done.
    const md5 = hasPlace(bytes.length) ? await memory.md5s.of(bytes) : md5Of(bytes);
    if (readMd5File(task.md5Path) === md5 && isCompleteJson(task.jsonPath)) return [];
    return writeBoth(task, bytes, md5, memory, warnings);
  } finally {
    memory.returnPlace(place);
  }
}

function writeBoth(
  task: RefreshTask,
  bytes: Buffer,
  md5: string,
  memory: WorkerMemory,
  warnings: string[],
): TempFile[] {
  const json = writeJson(task, bytes, memory, warnings);
  try {
    return [json, writeText(task.md5Path, md5)];
  } catch (error) {
    json.discard();
    throw error;
  }
}

function writeJson(task: RefreshTask, bytes: Buffer, memory: WorkerMemory, warnings: string[]): TempFile {
  const reader = readCdb(bytes, task.cdbPath);
  const file = new TempFile(task.jsonPath);
  let position = 0;
  const append = (chunk: Buffer, length: number): void => {
    file.write(chunk, length, position);
    position += length;
  };
  const onDuplicate = (key: Buffer): void => {
    const message = `the key ${printable(key)} comes more than once; only its first value is kept`;
    warnings.push(`${task.cdbPath}: ${message}`);
  };
  try {
    encodeJson(reader, append, { onDuplicate }, memory.encoding);
  } catch (error) {
    file.discard();
    throw error;
  }
  return file;
}

function writeText(path: string, text: string): TempFile {
  const file = new TempFile(path);
  const bytes = Buffer.from(text);
  try {
    file.write(bytes, bytes.length, 0);
  } catch (error) {
    file.discard();
    throw error;
  }
  return file;
}

/** Whether there is a JSON text that was not cut off. */
function isCompleteJson(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw ioError("open", path, error);
  }
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() === "}";
  } finally {
    closeSync(fd);
  }
}
