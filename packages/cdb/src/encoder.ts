import { viewOf } from "./byte-view.ts";
import { type CdbSink, SINK_BUFFER_BYTES } from "./cdb-sink.ts";
import { CdbError } from "./errors.ts";
import { littleEndianBytes, MAX_FILE_BYTES, RECORD_HEADER_BYTES, SLOT_BYTES } from "./format.ts";
import { hashRange } from "./hash.ts";
import { type Kernel, type KernelProgress, MAX_KERNEL_RECORDS, type Span } from "./kernel/kernel.ts";
import { TableBuilder } from "./table-builder.ts";

/** What was written. */
export interface CdbSummary {
  /** Number of records, duplicates counted. */
  readonly records: number;
  /** Size of the file in bytes. */
  readonly sizeBytes: number;
}

/** Lays out records one after the other and passes them on in large pieces. */
export class CdbEncoder {
  /** The piece being filled. */
  bytes: Buffer;
  /** A view of `bytes`. */
  view: DataView;
  /** File position of the next record. */
  position: number;
  readonly #sink: CdbSink;
  readonly #path: string | undefined;
  readonly #tables: TableBuilder;
  #used = 0;

  constructor(sink: CdbSink, path?: string, kernel?: Kernel) {
    this.#sink = sink;
    this.#path = path;
    this.position = sink.startPosition;
    this.#tables = new TableBuilder(kernel);
    this.bytes = kernel?.allocate(SINK_BUFFER_BYTES) ?? Buffer.allocUnsafeSlow(SINK_BUFFER_BYTES);
    this.view = viewOf(this.bytes);
  }

  get count(): number {
    return this.#tables.count;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    const at = this.begin(key.length, value.length);
    this.bytes.set(key, at);
    this.bytes.set(value, at + key.length);
    this.commit(hashRange(key, 0, key.length), key.length, value.length);
  }

  /**
   * Makes room for a record and writes its lengths. The caller writes key and value into `bytes`, then commits.
   *
   * @returns where the key goes in `bytes`
   * @throws CdbError `CDB_TOO_LARGE` if the file with its tables would pass 4 GiB
   */
  begin(keyLength: number, valueLength: number): number {
    const length = RECORD_HEADER_BYTES + keyLength + valueLength;
    const tableBytes = (this.#tables.count + 1) * 2 * SLOT_BYTES;
    if (this.position + length + tableBytes > MAX_FILE_BYTES) throw this.#tooLarge();
    if (this.#used + length > this.bytes.length) this.#pass(length);
    const at = this.#used;
    this.view.setUint32(at, keyLength, true);
    this.view.setUint32(at + 4, valueLength, true);
    return at + RECORD_HEADER_BYTES;
  }

  /** Ends the record begun last. */
  commit(hash: number, keyLength: number, valueLength: number): void {
    this.#tables.add(hash, this.position);
    const length = RECORD_HEADER_BYTES + keyLength + valueLength;
    this.#used += length;
    this.position += length;
  }

  /**
   * Lets the kernel lay out records in what is left of the piece.
   *
   * @param work gets the place for the records, and where in the file that is
   * @returns how far it came
   */
  fill(kernel: Kernel, work: (output: Span, position: number) => KernelProgress): number {
    const mostBytes = this.bytes.length + (this.count + MAX_KERNEL_RECORDS) * 2 * SLOT_BYTES;
    // Near the end of 4 GiB every record has to be looked at.
    if (this.position + mostBytes > MAX_FILE_BYTES) return 0;
    const output = { bytes: this.bytes, start: this.#used, end: this.bytes.length };
    const { bytesRead, bytesWritten, records } = work(output, this.position);
    this.#tables.addAll(kernel.notes(records));
    this.#used += bytesWritten;
    this.position += bytesWritten;
    return bytesRead;
  }

  /** Passes on what is left of the records; calling it before `finish` lets that be written meanwhile. */
  flush(): void {
    this.#pass(0);
  }

  /** Passes on the rest of the records, the tables and the index. */
  finish(): CdbSummary {
    this.flush();
    let end = this.position;
    const { header } = this.#tables.buildInPieces(this.position, (slots) => {
      const bytes = littleEndianBytes(slots);
      this.#sink.writeNow(bytes, end);
      end += bytes.length;
    });
    this.#sink.writeNow(header, 0);
    return { records: this.#tables.count, sizeBytes: end };
  }

  #pass(nextBytes: number): void {
    if (this.#used === 0 && nextBytes <= this.bytes.length) return;
    const wanted = Math.max(nextBytes, SINK_BUFFER_BYTES);
    this.bytes = this.#sink.write(this.bytes, this.#used, this.position - this.#used, wanted);
    this.view = viewOf(this.bytes);
    this.#used = 0;
  }

  #tooLarge(): CdbError {
    return new CdbError(
      "CDB_TOO_LARGE",
      `record ${this.count + 1} does not fit: a CDB file ends before 4 GiB`,
      {
        path: this.#path,
        offset: this.position,
        hint: "Split the data into several files.",
      },
    );
  }
}
