import { CdbError } from "./errors.ts";
import { HEADER_BYTES, SLOT_BYTES, TABLE_COUNT } from "./format.ts";

/** The index of a CDB file, checked: no table leaves the file or overlaps another. */
export interface CdbHeader {
  /** Position of each table, in bytes. */
  readonly positions: Uint32Array;
  /** Number of slots of each table. */
  readonly slotCounts: Uint32Array;
  /** Where the records end: the smallest position of a non-empty table, or 2048 if all are empty. */
  readonly recordsEnd: number;
  /** Number of slots of all tables; twice the number of records. */
  readonly totalSlots: number;
}

interface Table {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads and checks the index.
 *
 * @throws {@link CdbError} `CDB_DAMAGED`
 */
export function parseHeader(bytes: Uint8Array, fileBytes: number, path: string | undefined): CdbHeader {
  if (fileBytes < HEADER_BYTES || bytes.length < HEADER_BYTES) {
    throw damaged(
      path,
      fileBytes,
      `not a CDB file: ${fileBytes} bytes, and the index alone has ${HEADER_BYTES}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const positions = new Uint32Array(TABLE_COUNT);
  const slotCounts = new Uint32Array(TABLE_COUNT);
  const tables: Table[] = [];
  let totalSlots = 0;
  for (let number = 0; number < TABLE_COUNT; number++) {
    const start = view.getUint32(number * 8, true);
    const slots = view.getUint32(number * 8 + 4, true);
    positions[number] = start;
    slotCounts[number] = slots;
    // Other writers leave any position in the entry of an empty table, also 0.
    if (slots === 0) continue;
    totalSlots += slots;
    tables.push(checkTable({ number, start, end: start + slots * SLOT_BYTES }, fileBytes, path));
  }
  const recordsEnd = checkOverlap(tables, path);
  return { positions, slotCounts, recordsEnd, totalSlots };
}

function checkTable(table: Table, fileBytes: number, path: string | undefined): Table {
  if (table.start >= HEADER_BYTES && table.end <= fileBytes) return table;
  const range = `${table.start} to ${table.end}`;
  throw damaged(path, table.number * 8, `hash table ${table.number} (bytes ${range}) is outside of the file`);
}

function checkOverlap(tables: Table[], path: string | undefined): number {
  const sorted = tables.toSorted((a, b) => a.start - b.start);
  let before: Table | undefined;
  for (const table of sorted) {
    if (before !== undefined && table.start < before.end) {
      throw damaged(path, table.number * 8, `hash tables ${before.number} and ${table.number} overlap`);
    }
    before = table;
  }
  return sorted[0]?.start ?? HEADER_BYTES;
}

/** An error for a file that breaks the format. */
export function damaged(path: string | undefined, offset: number, message: string): CdbError {
  return new CdbError("CDB_DAMAGED", message, {
    path: path ?? "CDB data",
    offset,
    hint: "The file is damaged or cut; make it again from its source.",
  });
}
