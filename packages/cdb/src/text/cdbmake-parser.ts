import { copyBytes, viewOf } from "../byte-view.ts";
import type { CdbEncoder } from "../encoder.ts";
import { CdbError } from "../errors.ts";
import { MAX_FILE_BYTES } from "../format.ts";
import { HASH_START } from "../hash.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { TextParser } from "./text-format.ts";

const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const GREATER = 0x3e;
const LINE_FEED = 0x0a;
const ZERO = 0x30;
const MORE = -1;
const WRONG = -2;

/** Records as `cdbmake` and `cdb -c` read them: `+klen,dlen:key->data`, and an empty line at the end. */
export class CdbmakeParser implements TextParser {
  readonly #encoder: CdbEncoder;
  readonly #kernel: Kernel | undefined;
  readonly #path: string | undefined;
  /** A view of the piece being parsed. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  #hasEnded = false;
  /** Where the number read last ends. */
  #numberEnd = 0;

  constructor(encoder: CdbEncoder, kernel: Kernel | undefined, path: string | undefined) {
    this.#encoder = encoder;
    this.#kernel = kernel;
    this.#path = path;
  }

  parse(bytes: Buffer, offset: number, isLast: boolean): number {
    const end = bytes.length;
    this.#view = viewOf(bytes);
    let at = 0;
    while (at < end && !this.#hasEnded) {
      at += this.#usualRecords(bytes, at, end);
      if (at === end) break;
      const next =
        bytes[at] === PLUS ? this.#record(bytes, at, end, offset) : this.#lastLine(bytes, at, offset);
      if (next === MORE) break;
      at = next;
    }
    if (this.#hasEnded && at < end)
      throw this.#error(offset + at, "text follows the empty line that ends the records");
    if (!isLast || (this.#hasEnded && at === end)) return at;
    throw this.#error(offset + end, "the text ends before the empty line that follows the last record");
  }

  /** Puts the records that the kernel can do; returns how many bytes these have. */
  #usualRecords(bytes: Buffer, start: number, end: number): number {
    const kernel = this.#kernel;
    if (kernel?.isDue() !== true) return 0;
    return this.#encoder.fill(kernel, (output, position) =>
      kernel.recordsOfCdbmake({ bytes, start, end }, output, position),
    );
  }

  /** Puts the record at `start`, if all of it is there; returns where the next one starts. */
  #record(bytes: Buffer, start: number, end: number, offset: number): number {
    const keyLength = this.#number(bytes, start + 1, end, COMMA);
    if (keyLength < 0) return this.#noNumber(keyLength, offset + start, "key");
    const valueLength = this.#number(bytes, this.#numberEnd, end, COLON);
    if (valueLength < 0) return this.#noNumber(valueLength, offset + start, "value");
    const keyStart = this.#numberEnd;
    const valueStart = keyStart + keyLength + 2;
    const valueEnd = valueStart + valueLength;
    if (valueEnd >= end) return MORE;
    if (bytes[valueStart - 2] !== MINUS || bytes[valueStart - 1] !== GREATER) {
      throw this.#error(offset + valueStart - 2, `expected "->" after a key of ${keyLength} bytes`);
    }
    if (bytes[valueEnd] !== LINE_FEED) {
      throw this.#error(
        offset + valueEnd,
        `expected the end of the line after a value of ${valueLength} bytes`,
      );
    }
    this.#put(bytes, keyStart, keyLength, valueStart, valueLength);
    return valueEnd + 1;
  }

  #put(bytes: Buffer, keyStart: number, keyLength: number, valueStart: number, valueLength: number): void {
    const encoder = this.#encoder;
    let to = encoder.begin(keyLength, valueLength);
    const output = encoder.bytes;
    const keyEnd = keyStart + keyLength;
    let hash = HASH_START;
    for (let at = keyStart; at < keyEnd; at++) {
      const byte = bytes[at] as number;
      hash = ((hash << 5) + hash) ^ byte;
      output[to++] = byte;
    }
    copyBytes(bytes, this.#view, valueStart, valueStart + valueLength, output, encoder.view, to);
    encoder.commit(hash >>> 0, keyLength, valueLength);
  }

  /** The number from `start` up to a delimiter, or why there is none. */
  #number(bytes: Buffer, start: number, end: number, delimiter: number): number {
    let number = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
      if (number > MAX_FILE_BYTES) return WRONG;
    }
    this.#numberEnd = at + 1;
    if (at === end) return MORE;
    return bytes[at] === delimiter && at > start ? number : WRONG;
  }

  #lastLine(bytes: Buffer, at: number, offset: number): number {
    if (bytes[at] !== LINE_FEED) throw this.#error(offset + at, 'expected "+" at the start of a record');
    this.#hasEnded = true;
    return at + 1;
  }

  #noNumber(why: number, offset: number, what: string): number {
    if (why === MORE) return MORE;
    throw this.#error(
      offset,
      `the length of the ${what} is wrong; a record starts with "+<key length>,<value length>:"`,
    );
  }

  #error(offset: number, message: string): CdbError {
    return new CdbError("CDB_INPUT", message, { path: this.#path ?? "cdbmake text", offset });
  }
}
