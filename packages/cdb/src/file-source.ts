import { closeSync, openSync } from "node:fs";
import type { ByteSource } from "./byte-source.ts";
import { ioError } from "./errors.ts";
import { readFully, regularFileSize } from "./read-fully.ts";

const BLOCK_BYTES = 1 << 14;
/** Size of the windows for reading in file order, unless a record is larger. */
export const RECORD_WINDOW_BYTES: number = 1 << 18;

/** A CDB file that is read piece by piece; the pieces used last are kept. */
export class FileSource implements ByteSource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isInMemory = false;
  readonly #fd: number;
  readonly #maxBlocks: number;
  /** Blocks by number, the least recently used first: a Map keeps the order of insertion. */
  readonly #blocks = new Map<number, Buffer>();
  #latest: Buffer | undefined;
  #latestNumber = -1;

  constructor(path: string, cacheBytes: number) {
    this.path = path;
    this.#maxBlocks = Math.max(1, Math.floor(cacheBytes / BLOCK_BYTES));
    this.#fd = openForReading(path);
    try {
      this.sizeBytes = regularFileSize(this.#fd, path);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  u32(position: number): number {
    const offset = position % BLOCK_BYTES;
    const block = this.#block((position - offset) / BLOCK_BYTES);
    return offset + 4 <= BLOCK_BYTES ? block.readUInt32LE(offset) : this.slice(position, 4).readUInt32LE(0);
  }

  matches(position: number, key: Uint8Array): boolean {
    return this.slice(position, key.length).equals(key);
  }

  slice(position: number, length: number): Buffer {
    const result = Buffer.allocUnsafe(length);
    // A long piece would push everything else out of the cache.
    if (length > BLOCK_BYTES) readFully(this.#fd, result, position, this.path);
    else this.#copyFromBlocks(result, position);
    return result;
  }

  window(position: number, minimum: number, memory?: Buffer): Buffer {
    const size = Math.min(Math.max(minimum, RECORD_WINDOW_BYTES), this.sizeBytes - position);
    const fits = memory !== undefined && memory.length >= size;
    const target = fits ? memory.subarray(0, size) : Buffer.allocUnsafeSlow(size);
    readFully(this.#fd, target, position, this.path);
    return target;
  }

  close(): void {
    this.#blocks.clear();
    closeSync(this.#fd);
  }

  #copyFromBlocks(target: Buffer, position: number): void {
    let done = 0;
    while (done < target.length) {
      const offset = (position + done) % BLOCK_BYTES;
      done += this.#block((position + done - offset) / BLOCK_BYTES).copy(target, done, offset);
    }
  }

  #block(number: number): Buffer {
    if (number === this.#latestNumber && this.#latest !== undefined) return this.#latest;
    let block = this.#blocks.get(number);
    if (block === undefined) block = this.#readBlock(number);
    else this.#blocks.delete(number);
    this.#blocks.set(number, block);
    this.#latest = block;
    this.#latestNumber = number;
    return block;
  }

  #readBlock(number: number): Buffer {
    const start = number * BLOCK_BYTES;
    const block = this.#oldestBlock() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    readFully(this.#fd, block.subarray(0, Math.min(BLOCK_BYTES, this.sizeBytes - start)), start, this.path);
    return block;
  }

  /** Takes the block used longest ago out of a full cache. */
  #oldestBlock(): Buffer | undefined {
    if (this.#blocks.size < this.#maxBlocks) return undefined;
    for (const [number, block] of this.#blocks) {
      this.#blocks.delete(number);
      // If the read into it fails, nothing may be found in it.
      this.#latestNumber = -1;
      return block;
    }
    return undefined;
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw ioError("open", path, error);
  }
}
