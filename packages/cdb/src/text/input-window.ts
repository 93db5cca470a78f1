import { readSync } from "node:fs";
import { errnoOf, ioError } from "../errors.ts";
import type { TextParser } from "./text-format.ts";

/** Fills the start of some memory; 0 means that there is no more. */
export type ReadInput = (target: Buffer) => number | Promise<number>;

/** Size of the memory that text is read into. */
export const WINDOW_BYTES: number = 1 << 18;

/**
 * Passes text to a parser in large pieces. What the parser leaves comes again in front of the next piece; the memory
 * grows only for a record that is larger than it.
 *
 * @param memory where the pieces are, unless a record is larger
 * @param pace awaited after each piece
 */
export async function parseInput(
  read: ReadInput,
  parser: TextParser,
  memory: Buffer,
  pace: () => Promise<void>,
): Promise<void> {
  let window = memory;
  let filled = 0;
  let offset = 0;
  for (;;) {
    const count = await read(window.subarray(filled));
    filled += count;
    const taken = parser.parse(window.subarray(0, filled), offset, count === 0);
    if (count === 0) return;
    const rest = window.subarray(taken, filled);
    filled = rest.length;
    offset += taken;
    // More than a full window is asked for before the parser looks again: else a long record is looked at too often.
    if (filled > window.length / 2) window = Buffer.allocUnsafeSlow(window.length * 2);
    else if (filled <= memory.length / 2) window = memory;
    window.set(rest);
    await pace();
  }
}

/** Reads everything. */
export async function readAllInput(read: ReadInput): Promise<Buffer> {
  let bytes = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  let filled = 0;
  for (;;) {
    const count = await read(bytes.subarray(filled));
    if (count === 0) return bytes.subarray(0, filled);
    filled += count;
    if (filled === bytes.length) bytes = enlarged(bytes, filled);
  }
}

/** Reads a file by its descriptor, from where it stands. */
export function inputOfFile(fd: number, path: string): ReadInput {
  return (target) => {
    try {
      return readSync(fd, target, 0, target.length, null);
    } catch (error) {
      if (errnoOf(error) === "EOF") return 0;
      throw ioError("read", path, error);
    }
  };
}

/** Reads a stream, or anything else that gives bytes piece by piece. */
export function inputOfStream(
  stream: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): ReadInput {
  const pieces = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  let piece = Buffer.alloc(0);
  return async (target) => {
    while (piece.length === 0) {
      const next = await pieces.next();
      if (next.done === true) return 0;
      piece = Buffer.from(next.value);
    }
    const count = piece.copy(target);
    piece = piece.subarray(count);
    return count;
  };
}

function enlarged(bytes: Buffer, filled: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(bytes.length * 2);
  bytes.copy(larger, 0, 0, filled);
  return larger;
}
