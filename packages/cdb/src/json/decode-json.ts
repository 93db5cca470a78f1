import { HEADER_BYTES, RECORD_HEADER_BYTES } from "../format.ts";
import { hashRange } from "../hash.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { TableBuilder } from "../table-builder.ts";
import { JsonStringReader } from "./string-reader.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LINE_FEED = 0x0a;
/** The shortest member, `"":"",`; it becomes a record of eight bytes. */
const MIN_MEMBER_BYTES = 6;

/** Bytes that the index and the records of a JSON text need at most. A member that is cut off has its header too. */
export function maxRecordsEnd(jsonBytes: number): number {
  const growthPerMember = RECORD_HEADER_BYTES - MIN_MEMBER_BYTES;
  const members = Math.floor(jsonBytes / MIN_MEMBER_BYTES) + 1;
  return HEADER_BYTES + jsonBytes + members * growthPerMember + RECORD_HEADER_BYTES;
}

/** What a JSON text is decoded with. */
export interface DecodeJsonOptions {
  readonly json: Buffer;
  /** At least {@link maxRecordsEnd} bytes; the records go after the room for the index. */
  readonly output: Buffer;
  /** Gets hash and position of each record. */
  readonly tables: TableBuilder;
  readonly kernel: Kernel | undefined;
  /** Name for messages. */
  readonly path: string | undefined;
}

/**
 * Turns the members of a JSON object into CDB records, in the order of the text. Names that come twice give two
 * records.
 *
 * @returns where the records end
 * @throws CdbError `CDB_INPUT` if the text is anything but an object whose members are strings
 */
export function decodeJson(options: DecodeJsonOptions): number {
  const { json, output, tables, path } = options;
  const strings = new JsonStringReader(json, output, HEADER_BYTES, path);
  const parser = new MemberParser(json, strings);
  const view = new DataView(output.buffer, output.byteOffset, output.length);
  parser.open();
  while (parser.nextMember()) {
    const position = strings.to;
    const keyStart = position + RECORD_HEADER_BYTES;
    strings.to = keyStart;
    strings.copy();
    const valueStart = strings.to;
    parser.toValue();
    strings.copy();
    view.setUint32(position, valueStart - keyStart, true);
    view.setUint32(position + 4, strings.to - valueStart, true);
    tables.add(hashRange(output, keyStart, valueStart), position);
    decodeUsualMembers(options, strings);
  }
  return strings.to;
}

/** Does the members behind the current one that the kernel can do. */
function decodeUsualMembers(
  { json, output, tables, kernel }: DecodeJsonOptions,
  strings: JsonStringReader,
): void {
  while (kernel?.isDue() === true) {
    const text = { bytes: json, start: strings.at, end: json.length };
    const room = { bytes: output, start: strings.to, end: output.length };
    const { bytesRead, bytesWritten, records } = kernel.recordsOfJson(text, room, strings.to);
    tables.addAll(kernel.notes(records));
    strings.at += bytesRead;
    strings.to += bytesWritten;
  }
}

/** The punctuation between the strings. */
class MemberParser {
  readonly #json: Buffer;
  readonly #strings: JsonStringReader;
  #isFirst = true;

  constructor(json: Buffer, strings: JsonStringReader) {
    this.#json = json;
    this.#strings = strings;
  }

  open(): void {
    if (this.#json.length >= 3 && this.#json.readUIntBE(0, 3) === 0xefbbbf) {
      throw this.#strings.error(0, "the text starts with a byte order mark; remove it");
    }
    this.#expect(OPEN, "an object");
  }

  /** Goes into the name of the next member. Returns false after the last one. */
  nextMember(): boolean {
    const next = this.#peek();
    if (next === CLOSE && this.#isFirst) return this.#close();
    if (!this.#isFirst) {
      if (next === CLOSE) return this.#close();
      this.#expect(COMMA, "a comma or the end of the object");
    }
    this.#isFirst = false;
    this.#expect(QUOTE, "a name in quotes");
    return true;
  }

  /** Goes from behind a name into the value. */
  toValue(): void {
    this.#expect(COLON, "a colon");
    this.#expect(QUOTE, "a string as the value");
  }

  #close(): false {
    this.#strings.at++;
    if (this.#peek() !== undefined) throw this.#unexpected("the end of the text");
    return false;
  }

  #expect(byte: number, what: string): void {
    if (this.#peek() !== byte) throw this.#unexpected(what);
    this.#strings.at++;
  }

  /** The next byte that is not white space. */
  #peek(): number | undefined {
    const json = this.#json;
    let { at } = this.#strings;
    while (at < json.length && isSpace(json[at] as number)) at++;
    this.#strings.at = at;
    return json[at];
  }

  #unexpected(what: string) {
    const { at } = this.#strings;
    const found =
      at === this.#json.length
        ? "the end of the text"
        : JSON.stringify(this.#json.toString("latin1", at, at + 10));
    return this.#strings.error(at, `expected ${what}, found ${found}`);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09;
}
