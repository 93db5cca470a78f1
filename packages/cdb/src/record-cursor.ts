import { viewOf } from "./byte-view.ts";
import type { ByteSource } from "./byte-source.ts";
import { RECORD_WINDOW_BYTES } from "./file-source.ts";
import { HEADER_BYTES, RECORD_HEADER_BYTES } from "./format.ts";
import { type CdbHeader, damaged } from "./header.ts";
import type { KernelProgress, Span } from "./kernel/kernel.ts";

/**
 * Walks the records in file order without making an object for each: after `next()` the fields tell where
 * key and value are in `bytes`. They are valid until the following call.
 */
export class RecordCursor {
  /** The bytes around the current record. */
  bytes: Buffer;
  /** A view of `bytes`. */
  view: DataView;
  keyStart = 0;
  keyLength = 0;
  valueStart = 0;
  valueLength = 0;
  /** Position of the current record in the file. */
  position = 0;
  /** Records seen, the current one included. */
  count = 0;
  readonly #source: ByteSource;
  readonly #memory: Buffer | undefined;
  readonly #end: number;
  readonly #totalSlots: number;
  #windowStart = HEADER_BYTES;
  #nextPosition = HEADER_BYTES;

  /** `memory` is where pieces of a file are read into. */
  constructor(source: ByteSource, header: CdbHeader, memory?: Buffer) {
    this.#source = source;
    this.#memory = memory ?? (source.isInMemory ? undefined : Buffer.allocUnsafeSlow(RECORD_WINDOW_BYTES));
    this.#end = header.recordsEnd;
    this.#totalSlots = header.totalSlots;
    this.bytes = source.window(HEADER_BYTES, 0, this.#memory);
    this.view = viewOf(this.bytes);
  }

  /**
   * Goes to the next record.
   *
   * @returns false after the last one
   * @throws CdbError `CDB_DAMAGED` if a record leaves the record area, or their number is not what the tables say
   */
  next(): boolean {
    const position = this.#nextPosition;
    const left = this.#end - position;
    if (left === 0) return this.#checkCount();
    if (left < RECORD_HEADER_BYTES) throw this.#cut(position);
    let at = this.#ensure(position, RECORD_HEADER_BYTES);
    const keyLength = this.view.getUint32(at, true);
    const valueLength = this.view.getUint32(at + 4, true);
    const length = RECORD_HEADER_BYTES + keyLength + valueLength;
    if (length > left) throw this.#cut(position);
    at = this.#ensure(position, length);
    this.position = position;
    this.keyStart = at + RECORD_HEADER_BYTES;
    this.keyLength = keyLength;
    this.valueStart = this.keyStart + keyLength;
    this.valueLength = valueLength;
    this.count++;
    this.#nextPosition = position + length;
    return true;
  }

  /** The records behind the current one that are at hand; the last may be cut off. */
  rest(): Span {
    const start = this.#nextPosition - this.#windowStart;
    const end = Math.min(this.bytes.length, this.#end - this.#windowStart);
    return { bytes: this.bytes, start, end };
  }

  /** Leaves out records that somebody else has worked on. */
  skip({ bytesRead, records }: KernelProgress): void {
    this.#nextPosition += bytesRead;
    this.count += records;
  }

  /** A view of the current key; copy it to keep it. */
  key(): Buffer {
    return this.bytes.subarray(this.keyStart, this.keyStart + this.keyLength);
  }

  /** A view of the current value; copy it to keep it. */
  value(): Buffer {
    return this.bytes.subarray(this.valueStart, this.valueStart + this.valueLength);
  }

  /** Makes `length` bytes from `position` available and returns where they are in `bytes`. */
  #ensure(position: number, length: number): number {
    const at = position - this.#windowStart;
    if (at + length <= this.bytes.length) return at;
    this.bytes = this.#source.window(position, length, this.#memory);
    this.view = viewOf(this.bytes);
    this.#windowStart = position;
    return 0;
  }

  #checkCount(): false {
    if (this.count * 2 === this.#totalSlots) return false;
    const message = `${this.count} records, but the hash tables are made for ${this.#totalSlots / 2}`;
    throw damaged(this.#source.path, this.#end, message);
  }

  #cut(position: number) {
    return damaged(
      this.#source.path,
      position,
      `the record here does not end before ${this.#end}, where the records end`,
    );
  }
}
