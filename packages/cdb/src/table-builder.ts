import { HEADER_BYTES, littleEndianBytes, SLOT_BYTES, TABLE_COUNT } from "./format.ts";
import { type Kernel, MAX_KERNEL_RECORDS } from "./kernel/kernel.ts";

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
  /** Hash and position of each record, in file order. */
  #records = new Uint32Array(2048);
  #tableSizes = new Uint32Array(TABLE_COUNT);
  /** The same, sorted by table. */
  #sorted = new Uint32Array(0);
  #slots = new Uint32Array(0);
  readonly #kernel: Kernel | undefined;

  constructor(kernel?: Kernel) {
    this.#kernel = kernel;
  }

  add(hash: number, position: number): void {
    const at = this.count++ * 2;
    if (at === this.#records.length) this.#grow(at + 2);
    this.#records[at] = hash;
    this.#records[at + 1] = position;
  }

  /** Adds records whose hashes and positions are in a list. */
  addAll(records: Uint32Array): void {
    const at = this.count * 2;
    if (at + records.length > this.#records.length) this.#grow(at + records.length);
    this.#records.set(records, at);
    this.count += records.length / 2;
  }

  /** Forgets all records and keeps the memory. */
  reset(): void {
    this.count = 0;
  }

  /** Lays out the tables for records that end at `recordsEnd`. */
  build(recordsEnd: number): BuiltTables {
    this.#sortByTable();
    const words = this.count * 4;
    if (this.#slots.length < words) this.#slots = new Uint32Array(words);
    const equalHashes = this.#placeRecords();
    const tables = littleEndianBytes(this.#slots.subarray(0, words));
    return { header: this.#header(recordsEnd), tables, equalHashes };
  }

  #header(recordsEnd: number): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    let position = recordsEnd;
    for (let table = 0; table < TABLE_COUNT; table++) {
      const slotCount = (this.#tableSizes[table] as number) * 2;
      // An empty table gets the position at which it would start: the other writers agree on that.
      header.writeUInt32LE(position, table * 8);
      header.writeUInt32LE(slotCount, table * 8 + 4);
      position += slotCount * SLOT_BYTES;
    }
    return header;
  }

  /** Fills the tables, as many at once as the kernel takes; one that is too large for it is filled here. */
  #placeRecords(): number {
    const sizes = this.#tableSizes;
    let equalHashes = 0;
    let first = 0;
    for (let table = 0; table < TABLE_COUNT;) {
      let count = 0;
      let end = table;
      while (end < TABLE_COUNT && count + (sizes[end] as number) <= MAX_KERNEL_RECORDS) {
        count += sizes[end++] as number;
      }
      if (this.#kernel === undefined || end === table) {
        end = table + 1;
        count = sizes[table] as number;
        equalHashes += placeRecords(this.#sorted, this.#slots, first, count);
      } else {
        const records = this.#sorted.subarray(first * 2, (first + count) * 2);
        const slots = this.#slots.subarray(first * 4, (first + count) * 4);
        equalHashes += this.#kernel.tablesOfRecords(records, sizes.subarray(table, end), slots);
      }
      first += count;
      table = end;
    }
    return equalHashes;
  }

  /** A stable counting sort: inside a table the order of insertion decides who gets the slot. */
  #sortByTable(): void {
    const words = this.count * 2;
    const records = this.#records;
    const next = this.#countTables(words);
    if (this.#sorted.length < words) this.#sorted = new Uint32Array(words);
    const sorted = this.#sorted;
    for (let from = 0; from < words; from += 2) {
      const hash = records[from] as number;
      const at = next[hash & 0xff] as number;
      next[hash & 0xff] = at + 2;
      sorted[at] = hash;
      sorted[at + 1] = records[from + 1] as number;
    }
  }

  /** Counts the records of each table, and returns where each starts among the sorted ones. */
  #countTables(words: number): Uint32Array {
    const records = this.#records;
    const sizes = this.#tableSizes.fill(0);
    for (let at = 0; at < words; at += 2) (sizes[(records[at] as number) & 0xff] as number)++;
    const starts = new Uint32Array(TABLE_COUNT);
    let start = 0;
    for (let table = 0; table < TABLE_COUNT; table++) {
      starts[table] = start;
      start += (sizes[table] as number) * 2;
    }
    return starts;
  }

  #grow(words: number): void {
    // The system gives the memory only as it is used.
    const larger = new Uint32Array(Math.max(words, this.#records.length * 4));
    larger.set(this.#records);
    this.#records = larger;
  }
}

/** Fills one table, which starts at record `first`; a slot is free while its position is 0. */
function placeRecords(sorted: Uint32Array, slots: Uint32Array, first: number, size: number): number {
  const slotCount = size * 2;
  const base = first * 4;
  const last = base + slotCount * 2;
  slots.fill(0, base, last);
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
