import type { ByteSource } from "./byte-source.ts";
import { HEADER_BYTES, SLOT_BYTES, TABLE_COUNT } from "./format.ts";
import { type CdbHeader, damaged } from "./header.ts";
import { RecordCursor } from "./record-cursor.ts";

/** Smallest, largest and total length, in bytes. */
export interface CdbLengths {
  readonly min: number;
  readonly max: number;
  readonly total: number;
}

/** What {@link CdbReader.stats} tells. */
export interface CdbStats {
  readonly records: number;
  readonly sizeBytes: number;
  readonly keyBytes: CdbLengths;
  readonly valueBytes: CdbLengths;
  /** Hash tables that are not empty, of 256. */
  readonly tables: number;
  /** Slots of all tables, and of the smallest and largest table that is not empty. */
  readonly slots: CdbLengths;
  /** Used slots divided by all slots; 0.5 for the usual writers, 0 for an empty file. */
  readonly tableLoad: number;
  /** Most slots that a lookup has to pass to reach a record; 0 if every record is in its first slot. */
  readonly longestProbe: number;
  /** How many records are found after passing 0, 1, … 9 slots; the last number is for 10 and more. */
  readonly probes: readonly number[];
}

const PROBE_CLASSES = 11;

/** Counts records and bytes, and measures the hash tables. @throws CdbError if the file is damaged */
export function collectStats(source: ByteSource, header: CdbHeader): CdbStats {
  const keyBytes = new Range();
  const valueBytes = new Range();
  const cursor = new RecordCursor(source, header);
  while (cursor.next()) {
    keyBytes.add(cursor.keyLength);
    valueBytes.add(cursor.valueLength);
  }
  const slots = new Range();
  const probes = Array.from({ length: PROBE_CLASSES }, () => 0);
  let longestProbe = 0;
  for (let table = 0; table < TABLE_COUNT; table++) {
    if ((header.slotCounts[table] ?? 0) === 0) continue;
    slots.add(header.slotCounts[table] ?? 0);
    longestProbe = Math.max(longestProbe, countProbes(source, header, table, probes));
  }
  const used = probes.reduce((sum, count) => sum + count, 0);
  return {
    records: cursor.count,
    sizeBytes: source.sizeBytes,
    keyBytes: keyBytes.lengths(),
    valueBytes: valueBytes.lengths(),
    tables: slots.count,
    slots: slots.lengths(),
    tableLoad: slots.total === 0 ? 0 : used / slots.total,
    longestProbe,
    probes,
  };
}

function countProbes(source: ByteSource, header: CdbHeader, table: number, probes: number[]): number {
  const start = header.positions[table] ?? 0;
  const slotCount = header.slotCounts[table] ?? 0;
  let longest = 0;
  for (let slot = 0; slot < slotCount; slot++) {
    const at = start + slot * SLOT_BYTES;
    const position = source.u32(at + 4);
    if (position === 0) continue;
    if (position < HEADER_BYTES)
      throw damaged(source.path, at, `the slot points to ${position}, into the index`);
    const first = (source.u32(at) >>> 8) % slotCount;
    const passed = (slot - first + slotCount) % slotCount;
    const kind = Math.min(passed, PROBE_CLASSES - 1);
    probes[kind] = (probes[kind] ?? 0) + 1;
    longest = Math.max(longest, passed);
  }
  return longest;
}

class Range {
  count = 0;
  total = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  add(length: number): void {
    this.count++;
    this.total += length;
    if (length < this.#min) this.#min = length;
    if (length > this.#max) this.#max = length;
  }

  lengths(): CdbLengths {
    return { min: this.count === 0 ? 0 : this.#min, max: this.#max, total: this.total };
  }
}
