import { fstatSync, readSync } from "node:fs";
import { ioError } from "./errors.ts";
import { damaged } from "./header.ts";

/** One read call takes at most 2 GiB. */
const MAX_READ_BYTES = 1 << 30;

/** Reads until `target` is full. @throws CdbError if the file ends before that */
export function readFully(fd: number, target: Uint8Array, position: number, path: string): void {
  let done = 0;
  while (done < target.length) {
    const count = readSome(fd, target, done, position + done, path);
    if (count === 0) {
      throw damaged(path, position + done, "the file ends here, and was longer when it was opened");
    }
    done += count;
  }
}

/** Size of an open file that must be a regular one. */
export function regularFileSize(fd: number, path: string): number {
  const stat = fstatSync(fd);
  if (stat.isFile()) return stat.size;
  const cause = Object.assign(new Error("not a regular file"), { code: stat.isDirectory() ? "EISDIR" : "" });
  throw ioError("read", path, cause);
}

function readSome(fd: number, target: Uint8Array, done: number, position: number, path: string): number {
  try {
    return readSync(fd, target, done, Math.min(target.length - done, MAX_READ_BYTES), position);
  } catch (error) {
    throw ioError("read", path, error);
  }
}
