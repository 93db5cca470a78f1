import type { ByteSource } from "./byte-source.ts";
import { CdbError } from "./errors.ts";
import { HEADER_BYTES, SLOT_BYTES, TABLE_COUNT } from "./format.ts";
import { hashRange } from "./hash.ts";
import type { CdbHeader } from "./header.ts";
import { RecordCursor } from "./record-cursor.ts";

/** One thing that is wrong with a file. */
export interface CdbProblem {
  /** Byte offset in the file. */
  readonly offset: number;
  readonly message: string;
}

/** What {@link CdbReader.verify} found. */
export interface CdbVerification {
  readonly isValid: boolean;
  /** Records that were read. */
  readonly records: number;
  /** What is wrong; only the first hundred. */
  readonly problems: readonly CdbProblem[];
}

const MAX_PROBLEMS = 100;

/** Reads everything and compares records with hash tables. Problems are results; only an error of the disk throws. */
export function verifyCdb(source: ByteSource, header: CdbHeader): CdbVerification {
  const problems: CdbProblem[] = [];
  const records = new RecordList(Math.ceil(header.totalSlots / 2));
  try {
    readRecords(new RecordCursor(source, header), records);
  } catch (error) {
    if (!(error instanceof CdbError) || error.code !== "CDB_DAMAGED") throw error;
    problems.push({ offset: error.offset ?? 0, message: error.reason });
    return { isValid: false, records: records.count, problems };
  }
  for (let table = 0; table < TABLE_COUNT; table++) checkTable(source, header, table, records, problems);
  reportUnreachable(records, problems);
  return { isValid: problems.length === 0, records: records.count, problems };
}

function readRecords(cursor: RecordCursor, records: RecordList): void {
  while (records.count < records.capacity && cursor.next()) {
    const { keyStart, keyLength } = cursor;
    records.add(cursor.position, hashRange(cursor.bytes, keyStart, keyStart + keyLength));
  }
  // Ends the walk: too many records are as wrong as too few, and must not fill the memory.
  if (records.count === records.capacity) while (cursor.next());
}

/** A slot is good if it points to a record with its hash and a lookup gets to it without meeting a free slot. */
function checkTable(
  source: ByteSource,
  header: CdbHeader,
  table: number,
  records: RecordList,
  problems: CdbProblem[],
): void {
  const start = header.positions[table] ?? 0;
  const slotCount = header.slotCounts[table] ?? 0;
  const free = lastFreeSlot(source, start, slotCount);
  // Slots since the last free one; the table is a ring, so its end counts for its beginning.
  let run = slotCount - 1 - free;
  for (let slot = 0; slot < slotCount; slot++) {
    const at = start + slot * SLOT_BYTES;
    const position = source.u32(at + 4);
    if (position === 0) {
      run = 0;
      continue;
    }
    const hash = source.u32(at);
    const passed = (slot - ((hash >>> 8) % slotCount) + slotCount) % slotCount;
    const message =
      wrongSlot(records, position, hash, table) ??
      (passed > run ? "a free slot hides the record of this slot" : undefined);
    if (message !== undefined && problems.length < MAX_PROBLEMS) problems.push({ offset: at, message });
    run++;
  }
}

function wrongSlot(records: RecordList, position: number, hash: number, table: number): string | undefined {
  const record = records.indexOf(position);
  if (record === -1) return `the slot points to ${position}, where no record starts`;
  if (records.hashes[record] !== hash) return `the slot has another hash than the record at ${position}`;
  if ((hash & 0xff) !== table) return `the slot belongs into table ${hash & 0xff}`;
  if (records.reached[record] === 1) return `a second slot points to the record at ${position}`;
  records.reached[record] = 1;
  return undefined;
}

function lastFreeSlot(source: ByteSource, start: number, slotCount: number): number {
  let slot = slotCount - 1;
  while (slot >= 0 && source.u32(start + slot * SLOT_BYTES + 4) !== 0) slot--;
  return slot;
}

function reportUnreachable(records: RecordList, problems: CdbProblem[]): void {
  for (let record = 0; record < records.count && problems.length < MAX_PROBLEMS; record++) {
    if (records.reached[record] === 1) continue;
    problems.push({ offset: records.positions[record] ?? 0, message: "no slot points to the record here" });
  }
}

/** Where the records start, in ascending order, with their hashes. */
class RecordList {
  count = 0;
  readonly capacity: number;
  readonly positions: Uint32Array;
  readonly hashes: Uint32Array;
  readonly reached: Uint8Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.positions = new Uint32Array(capacity);
    this.hashes = new Uint32Array(capacity);
    this.reached = new Uint8Array(capacity);
  }

  add(position: number, hash: number): void {
    this.positions[this.count] = position;
    this.hashes[this.count++] = hash;
  }

  indexOf(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.positions[middle] as number) < position) low = middle + 1;
      else high = middle;
    }
    return position >= HEADER_BYTES && this.positions[low] === position && low < this.count ? low : -1;
  }
}
