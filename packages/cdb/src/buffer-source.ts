import { type ByteSource, UNSURE } from "./byte-source.ts";
import { viewOf } from "./byte-view.ts";
import { MAX_BATCH_KEYS } from "./key-batch.ts";
import { HEADER_BYTES, RECORD_HEADER_BYTES, SLOT_BYTES } from "./format.ts";
import type { CdbHeader } from "./header.ts";
import type { LookupKey } from "./lookup-key.ts";

/** Up to here every position is a signed 32-bit number, which the compiler likes best. */
const MAX_FAST_BYTES = 0x7fff_ffff;

/**
 * The class of which all Buffers are: in half the time that `Buffer.from` takes, and a quarter of that of `subarray`,
 * it makes the same. They look at their arguments for longer than a lookup takes.
 */
const BufferView = (Buffer as unknown as { readonly [Symbol.species]: BufferViewClass })[Symbol.species];
type BufferViewClass = new (memory: ArrayBufferLike, start: number, length: number) => Buffer;

/** A whole CDB file in memory. */
export class BufferSource implements ByteSource {
  readonly path: string | undefined;
  readonly sizeBytes: number;
  readonly isInMemory = true;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #prefetched = new Uint32Array(MAX_BATCH_KEYS);

  constructor(bytes: Uint8Array, path: string | undefined) {
    this.path = path;
    this.sizeBytes = bytes.length;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = viewOf(bytes);
  }

  u32(position: number): number {
    return this.#view.getUint32(position, true);
  }

  matches(position: number, key: Uint8Array): boolean {
    return this.#bytes.compare(key, 0, key.length, position, position + key.length) === 0;
  }

  /**
   * Does in one loop what `KeySearch` does step by step: signed numbers, no objects and four bytes at a time save a
   * third of the time.
   */
  findFirst(header: CdbHeader, key: LookupKey): number {
    if (this.sizeBytes > MAX_FAST_BYTES || !key.isShort) return UNSURE;
    const view = this.#view;
    const { hash, length } = key;
    // The zeros tell the compiler that these fit into signed 32 bits.
    const recordsEnd = header.recordsEnd | 0;
    const slotCount = (header.slotCounts[hash & 0xff] as number) | 0;
    const tableStart = (header.positions[hash & 0xff] as number) | 0;
    const lastStart = recordsEnd - RECORD_HEADER_BYTES - length;
    let slot = slotCount === 0 ? 0 : (hash >>> 8) % slotCount;
    for (let left = slotCount; left > 0; left--) {
      const at = tableStart + slot * SLOT_BYTES;
      const position = view.getInt32(at + 4, true);
      if (position === 0) return -1;
      if (view.getInt32(at, true) === hash) {
        if (position < HEADER_BYTES || position > recordsEnd - RECORD_HEADER_BYTES) return UNSURE;
        if (view.getInt32(position, true) === length) {
          if (position > lastStart) return UNSURE;
          if (this.#hasKey(position + RECORD_HEADER_BYTES, key))
            return view.getUint32(position + 4, true) <= lastStart - position ? position : UNSURE;
        }
      }
      if (++slot === slotCount) slot = 0;
    }
    return -1;
  }

  /** Looks at all slots, then at all records: none of them has to wait for the one before. */
  prefetch(header: CdbHeader, keys: readonly LookupKey[]): void {
    const view = this.#view;
    const positions = this.#prefetched;
    let count = 0;
    for (const { hash } of keys) {
      const slotCount = header.slotCounts[hash & 0xff] as number;
      if (slotCount === 0) continue;
      const slot = (header.positions[hash & 0xff] as number) + ((hash >>> 8) % slotCount) * SLOT_BYTES;
      positions[count++] = view.getUint32(slot + 4, true);
    }
    let seen = 0;
    for (let at = 0; at < count; at++) {
      const position = positions[at] as number;
      if (position < header.recordsEnd) seen ^= view.getUint8(position);
    }
    // Else the compiler would leave all of it out.
    positions[0] = seen;
  }

  /** Looks at up to three bytes behind the key: there are tables behind the records, or there would be no slot. */
  #hasKey(start: number, { words, length }: LookupKey): boolean {
    const view = this.#view;
    const whole = length >> 2;
    let at = start;
    for (let word = 0; word < whole; word = (word + 1) | 0, at = (at + 4) | 0) {
      if (view.getInt32(at, true) !== words[word]) return false;
    }
    const rest = length & 3;
    return rest === 0 || (view.getInt32(at, true) ^ (words[whole] as number)) << (32 - rest * 8) === 0;
  }

  slice(position: number, length: number): Buffer {
    return new BufferView(this.#bytes.buffer, this.#bytes.byteOffset + position, length);
  }

  window(position: number): Buffer {
    return this.#bytes.subarray(position);
  }

  close(): void {
    // The memory belongs to the caller.
  }
}
