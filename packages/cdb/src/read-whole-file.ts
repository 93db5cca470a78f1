import { closeSync, openSync } from "node:fs";
import { CdbError, ioError } from "./errors.ts";
import { MAX_FILE_BYTES } from "./format.ts";
import { readFully, regularFileSize } from "./read-fully.ts";

/**
 * Reads a whole file.
 *
 * @param reuse called with the size; gives memory to read into
 */
export function readWholeFile(
  path: string,
  reuse: (sizeBytes: number) => Buffer = (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes),
): Buffer {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    throw ioError("open", path, error);
  }
  try {
    const sizeBytes = regularFileSize(fd, path);
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new CdbError("CDB_TOO_LARGE", `the file has ${sizeBytes} bytes, more than 4 GiB`, { path });
    }
    const bytes = reuse(sizeBytes);
    readFully(fd, bytes, 0, path);
    return bytes;
  } finally {
    closeSync(fd);
  }
}
