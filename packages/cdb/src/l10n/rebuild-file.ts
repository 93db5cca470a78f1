import { closeSync, fstatSync, futimesSync, openSync } from "node:fs";
import { CdbError, ioError } from "../errors.ts";
import type { CdbImage } from "../json/cdb-image.ts";
import { readFully } from "../read-fully.ts";
import { readWholeFile } from "../read-whole-file.ts";
import { TempFile } from "../temp-file.ts";
import type { CacheFile } from "./cache-files.ts";
import { type FileTimes, fileTimes, toUtimesSeconds } from "./file-times.ts";
import { md5Of, readMd5File } from "./md5-file.ts";
import type { WorkerMemory } from "./worker-memory.ts";

/** One CDB file to be made from its JSON text. */
export interface RebuildTask extends CacheFile {
  readonly kind: "rebuild";
  /** Leave the CDB file alone if it already has the MD5 that the MD5 file says. */
  readonly keepIfMd5Matches: boolean;
  /** What to do if the new CDB file does not have that MD5. */
  readonly onMd5Mismatch: "fail" | "warn";
}

/** What came of a {@link RebuildTask}. */
export interface RebuildFileResult {
  readonly action: "written" | "unchanged";
  readonly warnings: readonly string[];
  /** The JSON text as it was read. */
  readonly json: FileTimes;
}

/** Mode of CDB files: the web server's group may write them. */
const CDB_MODE = 0o664;

/**
 * Makes a CDB file from its JSON text. The work is done when this returns its promise, except for the flush, during
 * which the next file can be worked on with the same memory.
 *
 * @throws CdbError the old CDB file is as it was
 */
export async function rebuildFile(task: RebuildTask, memory: WorkerMemory): Promise<RebuildFileResult> {
  const expected = readMd5File(task.md5Path);
  if (expected === undefined) throw new CdbError("CDB_IO", "the MD5 file is gone", { path: task.md5Path });
  const { bytes, times } = readJson(task.jsonPath, memory);
  if (task.keepIfMd5Matches && hasMd5(task.cdbPath, expected, memory)) {
    return { action: "unchanged", warnings: [], json: times };
  }
  const image = memory.images.build(bytes, task.jsonPath);
  const warnings = checkMd5(task, image, expected);
  await installCdb(task.cdbPath, image, times);
  return { action: "written", warnings, json: times };
}

/** Time and size are those of the file that is read, even if it is replaced meanwhile. */
function readJson(path: string, memory: WorkerMemory): { bytes: Buffer; times: FileTimes } {
  const fd = openJson(path);
  try {
    const times = fileTimes(fstatSync(fd, { bigint: true }));
    const bytes = memory.input.take(times.sizeBytes);
    readFully(fd, bytes, 0, path);
    return { bytes, times };
  } finally {
    closeSync(fd);
  }
}

function openJson(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw ioError("open", path, error);
  }
}

function hasMd5(cdbPath: string, expected: string, memory: WorkerMemory): boolean {
  return md5Of(readWholeFile(cdbPath, (size) => memory.other.take(size))) === expected;
}

function checkMd5(task: RebuildTask, image: CdbImage, expected: string): string[] {
  const actual = md5Of(image.head, image.tables);
  if (actual === expected) return [];
  const message = `the CDB file made of it has MD5 ${actual}, but ${task.name}.MD5 says ${JSON.stringify(expected)}`;
  if (task.onMd5Mismatch === "warn") return [`${task.jsonPath}: ${message}`];
  throw new CdbError("CDB_MD5", message, {
    path: task.jsonPath,
    hint: "The JSON or MD5 file was not copied completely; the old CDB file stays. Copy them again.",
  });
}

async function installCdb(path: string, { head, tables }: CdbImage, json: FileTimes): Promise<void> {
  const file = new TempFile(path, { exactMode: CDB_MODE });
  try {
    file.write(head, head.length, 0);
    file.write(tables, tables.length, head.length);
    const seconds = toUtimesSeconds(json.mtimeUs);
    futimesSync(file.fd, seconds, seconds);
    await file.flush();
  } catch (error) {
    file.discard();
    throw error;
  }
  file.commit({ flush: false });
}
