import type { ByteSource } from "./byte-source.ts";
import { HEADER_BYTES, RECORD_HEADER_BYTES, SLOT_BYTES } from "./format.ts";
import { hashRange } from "./hash.ts";
import { type CdbHeader, damaged } from "./header.ts";

const NO_KEY = new Uint8Array(0);

/**
 * Finds the records of one key after the other, in the order in which they were put in. A reader has one of these for
 * all its lookups: making it takes longer than a lookup.
 */
export class KeySearch {
  /** Position of the record found last. */
  position = 0;
  valueStart = 0;
  valueLength = 0;
  readonly #source: ByteSource;
  readonly #header: CdbHeader;
  #key: Uint8Array = NO_KEY;
  #hash = 0;
  #tableStart = 0;
  #slotCount = 0;
  #slot = 0;
  #slotsLeft = 0;

  constructor(source: ByteSource, header: CdbHeader) {
    this.#source = source;
    this.#header = header;
  }

  /** Begins to look for a key. */
  start(key: Uint8Array): void {
    const hash = hashRange(key, 0, key.length);
    const slotCount = this.#header.slotCounts[hash & 0xff] as number;
    this.#key = key;
    this.#hash = hash;
    this.#tableStart = this.#header.positions[hash & 0xff] as number;
    this.#slotCount = slotCount;
    this.#slotsLeft = slotCount;
    this.#slot = slotCount === 0 ? 0 : (hash >>> 8) % slotCount;
  }

  /**
   * Goes to the next record with this key; looks at every slot at most once, so that a full table ends the search.
   *
   * @throws CdbError `CDB_DAMAGED` if a slot points outside of the records
   */
  next(): boolean {
    while (this.#slotsLeft > 0) {
      const at = this.#tableStart + this.#slot * SLOT_BYTES;
      const position = this.#source.u32(at + 4);
      // A free slot has position 0; a hash can be 0 in a used one.
      if (position === 0) return this.#stop();
      this.#slotsLeft--;
      if (++this.#slot === this.#slotCount) this.#slot = 0;
      if (this.#source.u32(at) === this.#hash && this.#isRecordOfKey(position, at)) return true;
    }
    return false;
  }

  #isRecordOfKey(position: number, slotAt: number): boolean {
    const end = this.#header.recordsEnd;
    if (position < HEADER_BYTES || position + RECORD_HEADER_BYTES > end)
      throw this.#outside(position, slotAt);
    const keyLength = this.#source.u32(position);
    if (keyLength !== this.#key.length) return false;
    const valueLength = this.#source.u32(position + 4);
    const keyStart = position + RECORD_HEADER_BYTES;
    if (keyStart + keyLength + valueLength > end) throw this.#outside(position, slotAt);
    if (!this.#source.matches(keyStart, this.#key)) return false;
    this.position = position;
    this.valueStart = keyStart + keyLength;
    this.valueLength = valueLength;
    return true;
  }

  #stop(): false {
    this.#slotsLeft = 0;
    return false;
  }

  #outside(position: number, slotAt: number) {
    const message = `the record at ${position}, to which the hash table points here, does not lie in the records`;
    return damaged(this.#source.path, slotAt, message);
  }
}
