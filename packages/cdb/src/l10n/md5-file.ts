import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { errnoOf, ioError } from "../errors.ts";

/** More than this is never read of an MD5 file. */
const MAX_MD5_FILE_CHARACTERS = 100;

/** MD5 of some pieces of memory, as 32 lower-case hexadecimal digits. */
export function md5Of(...pieces: readonly Uint8Array[]): string {
  const hash = createHash("md5");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** What an MD5 file says, without white space around it; `undefined` if there is none. @throws CdbError `CDB_IO` */
export function readMd5File(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1").slice(0, MAX_MD5_FILE_CHARACTERS).trim();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw ioError("read", path, error);
  }
}
