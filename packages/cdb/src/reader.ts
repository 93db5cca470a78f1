import { BufferSource } from "./buffer-source.ts";
import { type ByteSource, UNSURE } from "./byte-source.ts";
import { CdbError } from "./errors.ts";
import { hasEqualHashes } from "./equal-hashes.ts";
import { FileSource } from "./file-source.ts";
import { HEADER_BYTES, RECORD_HEADER_BYTES } from "./format.ts";
import { type CdbHeader, parseHeader } from "./header.ts";
import { KeySearch } from "./key-search.ts";
import { KeyBatch } from "./key-batch.ts";
import { LookupKey } from "./lookup-key.ts";
import { readWholeFile } from "./read-whole-file.ts";
import { RecordCursor } from "./record-cursor.ts";
import { type CdbStats, collectStats } from "./stats.ts";
import { type CdbData, toBytes, toText } from "./data.ts";
import { type CdbVerification, verifyCdb } from "./verify.ts";

/** How a file is opened. */
export interface OpenCdbOptions {
  /**
   * `"file"` reads what is asked for and keeps the pieces used last; `"memory"` reads the whole file at once,
   * which makes lookups several times faster. @defaultValue "file"
   */
  readonly mode?: "file" | "memory";
  /** Bytes kept of a file that is read piece by piece. @defaultValue 4_194_304 */
  readonly cacheBytes?: number;
}

/**
 * Opens a CDB file for reading. Close the reader when done.
 *
 * @throws {@link CdbError} `CDB_IO` if it cannot be read, `CDB_DAMAGED` if its index is wrong
 */
export function openCdb(path: string, options: OpenCdbOptions = {}): CdbReader {
  if (options.mode === "memory") return readerOf(new BufferSource(readWholeFile(path), path));
  return readerOf(new FileSource(path, options.cacheBytes ?? 4_194_304));
}

/**
 * Reads a CDB file that is in memory. The bytes are used as they are and must not change.
 *
 * @param path name for messages
 * @throws {@link CdbError} `CDB_DAMAGED` if the index is wrong
 */
export function readCdb(bytes: Uint8Array, path?: string): CdbReader {
  return readerOf(new BufferSource(bytes, path));
}

function readerOf(source: ByteSource): CdbReader {
  try {
    const index = source.slice(0, Math.min(HEADER_BYTES, source.sizeBytes));
    return new CdbReader(source, parseHeader(index, source.sizeBytes, source.path));
  } catch (error) {
    source.close();
    throw error;
  }
}

/**
 * A CDB file open for reading; made by {@link openCdb} or {@link readCdb}.
 *
 * Every length and position is checked against the file, so that a damaged file gives a {@link CdbError} with code
 * `CDB_DAMAGED`, never bytes from elsewhere and never a hang. Bytes from a reader in memory are views of that memory;
 * bytes from a file are copies.
 */
export class CdbReader {
  /** File name, if there is one. */
  readonly path: string | undefined;
  /** Size of the file in bytes. */
  readonly sizeBytes: number;
  /** Number of records, duplicates counted, as the index tells it. */
  readonly size: number;
  readonly #source: ByteSource;
  readonly #header: CdbHeader;
  readonly #key = new LookupKey();
  readonly #batch = new KeyBatch();
  readonly #keySearch: KeySearch;
  #isClosed = false;

  /** @internal */
  constructor(source: ByteSource, header: CdbHeader) {
    this.#source = source;
    this.#header = header;
    this.#keySearch = new KeySearch(source, header);
    this.path = source.path;
    this.sizeBytes = source.sizeBytes;
    this.size = Math.floor(header.totalSlots / 2);
  }

  /** The first value of a key, or `undefined`. */
  get(key: CdbData): Buffer | undefined {
    this.#checkOpen();
    this.#key.set(key);
    return this.#firstValue(this.#key);
  }

  /**
   * The first value of each key, or `undefined`, in the order of the keys. In a large file in memory this takes about
   * 60 % of the time of a {@link CdbReader.get} for each, as it waits for memory once for many keys.
   */
  getMany(keys: Iterable<CdbData>): (Buffer | undefined)[] {
    this.#checkOpen();
    const values: (Buffer | undefined)[] = [];
    const list = Array.isArray(keys) ? (keys as CdbData[]) : [...keys];
    while (values.length < list.length) {
      const batch = this.#batch.take(list, values.length);
      this.#source.prefetch?.(this.#header, batch);
      for (const key of batch) values.push(this.#firstValue(key));
    }
    return values;
  }

  /** The first value of a key as text. @throws {@link CdbError} `CDB_TEXT` if it is not UTF-8 */
  getText(key: CdbData): string | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : toText(value, "value", this.path);
  }

  /** All values of a key, in the order in which they were put in. */
  getAll(key: CdbData): Buffer[] {
    this.#checkOpen();
    const search = this.#keySearch;
    search.start(toBytes(key, "key"));
    const values: Buffer[] = [];
    while (search.next()) values.push(this.#source.slice(search.valueStart, search.valueLength));
    return values;
  }

  /** Whether a key is there. */
  has(key: CdbData): boolean {
    return this.positionOf(key) !== -1;
  }

  /** Position in the file of the first record of a key, or -1. */
  positionOf(key: CdbData): number {
    this.#checkOpen();
    this.#key.set(key);
    return this.#find(this.#key);
  }

  /** The keys in file order; a key that was put in twice comes twice. */
  *keys(): Generator<Buffer, void, undefined> {
    const cursor = this.cursor();
    while (cursor.next()) yield this.#keep(cursor.key());
  }

  /** Key and value of each record in file order. */
  *entries(): Generator<[key: Buffer, value: Buffer], void, undefined> {
    const cursor = this.cursor();
    while (cursor.next()) yield [this.#keep(cursor.key()), this.#keep(cursor.value())];
  }

  /** {@link CdbReader.entries} as text. @throws {@link CdbError} `CDB_TEXT` for bytes that are not UTF-8 */
  *textEntries(): Generator<[key: string, value: string], void, undefined> {
    const cursor = this.cursor();
    while (cursor.next()) {
      yield [toText(cursor.key(), "key", this.path), toText(cursor.value(), "value", this.path)];
    }
  }

  /** {@link CdbReader.entries}, so that a reader can be looped over or passed to `new Map`. */
  [Symbol.iterator](): Generator<[key: Buffer, value: Buffer], void, undefined> {
    return this.entries();
  }

  /**
   * Walks the records without making an object for each, for code that must be fast.
   *
   * @param memory where pieces of a file are read into. @defaultValue 262_144 new bytes
   */
  cursor(memory?: Buffer): RecordCursor {
    this.#checkOpen();
    return new RecordCursor(this.#source, this.#header, memory);
  }

  /**
   * Whether a key may be there twice, told by the hash tables alone. A `true` can be wrong, a `false` holds for all
   * records that lookups can find.
   */
  mayRepeatKeys(): boolean {
    this.#checkOpen();
    return hasEqualHashes(this.#source, this.#header);
  }

  /** Checks the whole file: every record, every slot, and that each record can be found by its key. */
  verify(): CdbVerification {
    this.#checkOpen();
    return verifyCdb(this.#source, this.#header);
  }

  /** Counts records and bytes, and measures the hash tables. */
  stats(): CdbStats {
    this.#checkOpen();
    return collectStats(this.#source, this.#header);
  }

  /** Releases the file. Closing twice is fine; anything else after it throws `CDB_CLOSED`. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#source.close();
  }

  #firstValue(key: LookupKey): Buffer | undefined {
    const position = this.#find(key);
    if (position === -1) return undefined;
    const valueStart = position + RECORD_HEADER_BYTES + key.length;
    return this.#source.slice(valueStart, this.#source.u32(position + 4));
  }

  #find(key: LookupKey): number {
    const position = this.#source.findFirst?.(this.#header, key) ?? UNSURE;
    if (position !== UNSURE) return position;
    const search = this.#keySearch;
    search.start(key.bytes());
    return search.next() ? search.position : -1;
  }

  #keep(view: Buffer): Buffer {
    return this.#source.isInMemory ? view : Buffer.from(view);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new CdbError("CDB_CLOSED", "the reader is closed", { path: this.path });
  }
}
