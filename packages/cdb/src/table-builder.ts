import { HEADER_BYTES, littleEndianBytes, SLOT_BYTES, TABLE_COUNT } from "./format.ts";

/** The index and the hash tables of a file. */
export interface BuiltTables {
  /** The 2048 bytes for the start of the file. */
  readonly header: Buffer;
  /** What follows the records; memory of the builder, valid until it builds again. */
  readonly tables: Buffer;
  /** Pairs of records with the same hash that met while probing: without any, all keys differ. */
  readonly equalHashes: number;
}

/** Collects hash and position of each record, then lays out the hash tables. */
export class TableBuilder {
  /** Number of records. */
  count = 0;
  #hashes = new Uint32Array(1024);
  #positions = new Uint32Array(1024);
  #tableSizes = new Uint32Array(TABLE_COUNT);
  /** Hash and position of each record, sorted by table. */
  #sorted = new Uint32Array(0);
  #slots = new Uint32Array(0);

  add(hash: number, position: number): void {
    const index = this.count++;
    if (index === this.#hashes.length) this.#grow();
    this.#hashes[index] = hash;
    this.#positions[index] = position;
    (this.#tableSizes[hash & 0xff] as number)++;
  }

  /** Position of a record, by its number. */
  positionOf(index: number): number {
    return this.#positions[index] as number;
  }

  /** Forgets all records and keeps the memory. */
  reset(): void {
    this.count = 0;
    this.#tableSizes.fill(0);
  }

  /** Lays out the tables for records that end at `recordsEnd`. */
  build(recordsEnd: number): BuiltTables {
    this.#sortByTable();
    const words = this.count * 4;
    if (this.#slots.length < words) this.#slots = new Uint32Array(words);
    else this.#slots.fill(0, 0, words);
    const header = Buffer.alloc(HEADER_BYTES);
    let first = 0;
    let equalHashes = 0;
    for (let table = 0; table < TABLE_COUNT; table++) {
      const size = this.#tableSizes[table] as number;
      // An empty table gets the position at which it would start: the other writers agree on that.
      header.writeUInt32LE(recordsEnd + first * 2 * SLOT_BYTES, table * 8);
      header.writeUInt32LE(size * 2, table * 8 + 4);
      equalHashes += placeRecords(this.#sorted, this.#slots, first, size);
      first += size;
    }
    return { header, tables: littleEndianBytes(this.#slots.subarray(0, words)), equalHashes };
  }

  /** A stable counting sort: inside a table the order of insertion decides who gets the slot. */
  #sortByTable(): void {
    const next = new Uint32Array(TABLE_COUNT);
    let start = 0;
    for (let table = 0; table < TABLE_COUNT; table++) {
      next[table] = start;
      start += (this.#tableSizes[table] as number) * 2;
    }
    if (this.#sorted.length < start) this.#sorted = new Uint32Array(start);
    const sorted = this.#sorted;
    const hashes = this.#hashes;
    const positions = this.#positions;
    for (let index = 0; index < this.count; index++) {
      const hash = hashes[index] as number;
      const at = next[hash & 0xff] as number;
      next[hash & 0xff] = at + 2;
      sorted[at] = hash;
      sorted[at + 1] = positions[index] as number;
    }
  }

  #grow(): void {
    this.#hashes = doubled(this.#hashes);
    this.#positions = doubled(this.#positions);
  }
}

/** Fills one table, which starts at record `first`; a slot is free while its position is 0. */
function placeRecords(sorted: Uint32Array, slots: Uint32Array, first: number, size: number): number {
  const slotCount = size * 2;
  const base = first * 4;
  const last = base + slotCount * 2;
  let equalHashes = 0;
  for (let record = first * 2; record < (first + size) * 2; record += 2) {
    const hash = sorted[record] as number;
    let at = base + ((hash >>> 8) % slotCount) * 2;
    while (slots[at + 1] !== 0) {
      if (slots[at] === hash) equalHashes++;
      at += 2;
      if (at === last) at = base;
    }
    slots[at] = hash;
    slots[at + 1] = sorted[record + 1] as number;
  }
  return equalHashes;
}

function doubled(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2);
  larger.set(words);
  return larger;
}
