import { HEADER_BYTES, littleEndianBytes, SLOT_BYTES, TABLE_COUNT } from "./format.ts";
import { type Kernel, MAX_KERNEL_RECORDS, type PlacedRecords } from "./kernel/kernel.ts";

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
    const words = this.count * 4;
    if (this.#slots.length < words) this.#slots = new Uint32Array(words);
    const slots = this.#slots;
    let at = 0;
    const { header, equalHashes } = this.buildInPieces(recordsEnd, (piece) => {
      slots.set(piece, at);
      at += piece.length;
    });
    return { header, tables: littleEndianBytes(slots.subarray(0, words)), equalHashes };
  }

  /**
   * Lays out the tables without memory for all of them.
   *
   * @param pass takes the slots of some tables, which are valid until the next
   */
  buildInPieces(
    recordsEnd: number,
    pass: (slots: Uint32Array) => void,
  ): Pick<BuiltTables, "header" | "equalHashes"> {
    this.#sortByTable();
    const equalHashes = this.#placeRecords(pass);
    return { header: this.#header(recordsEnd), equalHashes };
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

  /** Fills the tables: as many at once as the kernel takes, or as are about as large. */
  #placeRecords(pass: (slots: Uint32Array) => void): number {
    const sizes = this.#tableSizes;
    let equalHashes = 0;
    let first = 0;
    for (let table = 0; table < TABLE_COUNT;) {
      let count = sizes[table] as number;
      let end = table + 1;
      while (end < TABLE_COUNT && count + (sizes[end] as number) <= MAX_KERNEL_RECORDS) {
        count += sizes[end++] as number;
      }
      const records = this.#sorted.subarray(first * 2, (first + count) * 2);
      // A table that is too large for the kernel alone is filled here.
      const isForKernel = this.#kernel !== undefined && count <= MAX_KERNEL_RECORDS;
      const place = isForKernel ? this.#kernel.tablesOfRecords.bind(this.#kernel) : placeRecords;
      const placed = place(records, sizes.subarray(table, end));
      pass(placed.slots);
      equalHashes += placed.equalHashes;
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

/** Fills tables with records that are sorted by table; a slot is free while its position is 0. */
function placeRecords(sorted: Uint32Array, sizes: Uint32Array): PlacedRecords {
  const slots = new Uint32Array(sorted.length * 2);
  let equalHashes = 0;
  let record = 0;
  for (const size of sizes) {
    const slotCount = size * 2;
    const base = record * 2;
    const last = base + slotCount * 2;
    for (const end = record + size * 2; record < end; record += 2) {
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
  }
  return { slots, equalHashes };
}
