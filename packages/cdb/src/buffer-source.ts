import type { ByteSource } from "./byte-source.ts";

/** A whole CDB file in memory. */
export class BufferSource implements ByteSource {
  readonly path: string | undefined;
  readonly sizeBytes: number;
  readonly isInMemory = true;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, path: string | undefined) {
    this.path = path;
    this.sizeBytes = bytes.length;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  u32(position: number): number {
    return this.#view.getUint32(position, true);
  }

  matches(position: number, key: Uint8Array, keyLength: number): boolean {
    const bytes = this.#bytes;
    for (let at = 0; at < keyLength; at++) {
      if (bytes[position + at] !== key[at]) return false;
    }
    return true;
  }

  slice(position: number, length: number): Buffer {
    return this.#bytes.subarray(position, position + length);
  }

  window(position: number): Buffer {
    return this.#bytes.subarray(position);
  }

  close(): void {
    // The memory belongs to the caller.
  }
}
