import { type ByteSource, UNSURE } from "./byte-source.ts";
import { viewOf } from "./byte-view.ts";
import { HASH_START } from "./hash.ts";
import { HEADER_BYTES, RECORD_HEADER_BYTES, SLOT_BYTES } from "./format.ts";
import type { CdbHeader } from "./header.ts";

/** Up to here every position is a signed 32-bit number, which the compiler likes best. */
const MAX_FAST_BYTES = 0x7fff_ffff;

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
    this.#view = viewOf(bytes);
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

  /** Does in one loop what `KeySearch` does step by step: signed numbers and no objects make it a quarter faster. */
  findFirst(header: CdbHeader, key: Uint8Array, keyLength: number): number {
    if (this.sizeBytes > MAX_FAST_BYTES) return UNSURE;
    const view = this.#view;
    // The zeros tell the compiler that these fit into signed 32 bits.
    const recordsEnd = header.recordsEnd | 0;
    let hash = HASH_START;
    for (let at = 0; at < keyLength; at++) hash = ((hash << 5) + hash) ^ (key[at] as number);
    const slotCount = (header.slotCounts[hash & 0xff] as number) | 0;
    const tableStart = (header.positions[hash & 0xff] as number) | 0;
    const lastStart = recordsEnd - RECORD_HEADER_BYTES - keyLength;
    let slot = slotCount === 0 ? 0 : (hash >>> 8) % slotCount;
    for (let left = slotCount; left > 0; left--) {
      const at = tableStart + slot * SLOT_BYTES;
      const position = view.getInt32(at + 4, true);
      if (position === 0) return -1;
      if (view.getInt32(at, true) === hash) {
        if (position < HEADER_BYTES || position > recordsEnd - RECORD_HEADER_BYTES) return UNSURE;
        if (view.getInt32(position, true) === keyLength) {
          if (position > lastStart) return UNSURE;
          const isFound = this.matches(position + RECORD_HEADER_BYTES, key, keyLength);
          if (isFound) return view.getUint32(position + 4, true) <= lastStart - position ? position : UNSURE;
        }
      }
      if (++slot === slotCount) slot = 0;
    }
    return -1;
  }

  slice(position: number, length: number): Buffer {
    // Faster than `subarray`, which looks at its arguments for longer than a lookup takes.
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + position, length);
  }

  window(position: number): Buffer {
    return this.#bytes.subarray(position);
  }

  close(): void {
    // The memory belongs to the caller.
  }
}
