import { CdbError } from "../errors.ts";
import { HEADER_BYTES, MAX_FILE_BYTES, RECORD_HEADER_BYTES, SLOT_BYTES } from "../format.ts";
import { hashRange } from "../hash.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { ReusedBuffer } from "../reused-buffer.ts";
import { TableBuilder } from "../table-builder.ts";
import { decodeJson, maxRecordsEnd } from "./decode-json.ts";

/** A complete CDB file in memory, in two pieces. */
export interface CdbImage {
  /** Index and records. */
  readonly head: Buffer;
  /** The hash tables. */
  readonly tables: Buffer;
  readonly records: number;
}

/** Makes CDB files of JSON texts, in memory that is used again: an image is valid until the next one is built. */
export class CdbImageBuilder {
  readonly #tables: TableBuilder;
  readonly #output: ReusedBuffer;
  readonly #kernel: Kernel | undefined;

  /** `memory` is where images that fit into it are made. */
  constructor(kernel?: Kernel, memory?: Buffer) {
    this.#kernel = kernel;
    this.#output = new ReusedBuffer(memory);
    this.#tables = new TableBuilder(kernel);
  }

  /**
   * Makes a CDB file of a JSON object. Of a name that comes twice the first place and the last value count, as every
   * JSON reader has it.
   *
   * @throws CdbError `CDB_INPUT` with the offset in the text; `CDB_TOO_LARGE` beyond 4 GiB
   */
  build(json: Buffer, path: string | undefined): CdbImage {
    const output = this.#output.take(maxRecordsEnd(json.length));
    this.#tables.reset();
    const recordsEnd = decodeJson({ json, output, tables: this.#tables, kernel: this.#kernel, path });
    if (recordsEnd + this.#tables.count * 2 * SLOT_BYTES > MAX_FILE_BYTES) {
      throw new CdbError("CDB_TOO_LARGE", "the CDB file of this text would pass 4 GiB", { path });
    }
    const built = this.#tables.build(recordsEnd);
    // Different keys with equal hashes are rare enough to take the long way too.
    if (built.equalHashes > 0) return this.#keepLastValues(output.subarray(0, recordsEnd));
    output.set(built.header);
    return { head: output.subarray(0, recordsEnd), tables: built.tables, records: this.#tables.count };
  }

  #keepLastValues(records: Buffer): CdbImage {
    const last = lastValues(records);
    const head = Buffer.allocUnsafeSlow(records.length);
    this.#tables.reset();
    let to = HEADER_BYTES;
    for (const [key, value] of last) {
      const keyLength = head.write(key, to + RECORD_HEADER_BYTES, "latin1");
      head.writeUInt32LE(keyLength, to);
      head.writeUInt32LE(value.length, to + 4);
      head.set(value, to + RECORD_HEADER_BYTES + keyLength);
      this.#tables.add(hashRange(head, to + RECORD_HEADER_BYTES, to + RECORD_HEADER_BYTES + keyLength), to);
      to += RECORD_HEADER_BYTES + keyLength + value.length;
    }
    const { header, tables } = this.#tables.build(to);
    head.set(header);
    return { head: head.subarray(0, to), tables, records: last.size };
  }
}

/** Each key, one character a byte, with its last value; a Map keeps the place of the first. */
function lastValues(records: Buffer): Map<string, Buffer> {
  const last = new Map<string, Buffer>();
  for (let at = HEADER_BYTES; at < records.length;) {
    const keyStart = at + RECORD_HEADER_BYTES;
    const valueStart = keyStart + records.readUInt32LE(at);
    at = valueStart + records.readUInt32LE(at + 4);
    last.set(records.toString("latin1", keyStart, valueStart), records.subarray(valueStart, at));
  }
  return last;
}
