import { CdbError } from "../errors.ts";
import { viewOf } from "../byte-view.ts";
import { pairsOf } from "./byte-pairs.ts";
import { codePointAt, utf8Length, writeUtf8 } from "./code-point.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** A backslash and a `u`, as the text has them. */
const ESCAPE_U = 0x755c;

/** 1 for the bytes that stand for themselves in a JSON string. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x80);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;
const PLAIN_PAIR = pairsOf(PLAIN);

/** What the letter after a backslash stands for; 0 if it is none. */
const ESCAPED = new Uint8Array(256);
for (const [letter, byte] of ['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"]) {
  ESCAPED[(letter as string).charCodeAt(0)] = (byte as string).charCodeAt(0);
}

/** Value of two hexadecimal digits as the text has them, read as a little-endian number; -1 for anything else. */
const HEX_PAIR = new Int16Array(1 << 16).fill(-1);
for (const [high, first] of hexDigits()) {
  for (const [low, second] of hexDigits()) HEX_PAIR[first | (second << 8)] = (high << 4) | low;
}

/** Copies JSON strings into another buffer as the UTF-8 that they stand for. */
export class JsonStringReader {
  /** Where to read next. */
  at = 0;
  /** Where to write next. */
  to: number;
  readonly #input: Uint8Array;
  readonly #inputView: DataView;
  readonly #output: Uint8Array;
  readonly #outputView: DataView;
  readonly #path: string | undefined;

  /** The output must have room: what a string stands for is never longer than the string. */
  constructor(input: Uint8Array, output: Uint8Array, to: number, path: string | undefined) {
    this.#input = input;
    this.#inputView = viewOf(input);
    this.#output = output;
    this.#outputView = viewOf(output);
    this.to = to;
    this.#path = path;
  }

  /** Copies the string whose opening quote is before `at`, and goes behind its closing one. */
  copy(): void {
    const input = this.#input;
    const output = this.#output;
    const end = input.length;
    const inputView = this.#inputView;
    const outputView = this.#outputView;
    let { at, to } = this;
    while (at < end) {
      while (at + 4 <= end) {
        const four = inputView.getUint32(at, true);
        if ((PLAIN_PAIR[four & 0xffff] as number) + (PLAIN_PAIR[four >>> 16] as number) !== 2) break;
        outputView.setUint32(to, four, true);
        at += 4;
        to += 4;
      }
      if (at === end) break;
      const byte = input[at] as number;
      if (PLAIN[byte] === 1) {
        output[to++] = byte;
        at++;
      } else if (byte === BACKSLASH) {
        const letter = input[at + 1] as number;
        const plain = ESCAPED[letter] as number;
        if (plain !== 0) {
          output[to++] = plain;
          at += 2;
        } else {
          this.at = at;
          to = this.#copyUnicodeEscapes(to);
          at = this.at;
        }
      } else if (byte === QUOTE) {
        this.at = at + 1;
        this.to = to;
        return;
      } else {
        const code = byte < 0x80 ? -1 : codePointAt(input, at, end);
        if (code === -1) throw this.#badByte(at, byte);
        to = writeUtf8(output, to, code);
        at += utf8Length(code);
      }
    }
    throw this.error(end, "the text ends in the middle of a string");
  }

  /** Copies what the `\uXXXX` at `at` stand for: letters of other scripts come in words. */
  #copyUnicodeEscapes(start: number): number {
    const input = this.#inputView;
    const output = this.#output;
    const last = input.byteLength - 6;
    let to = start;
    let { at } = this;
    while (at <= last && input.getUint16(at, true) === ESCAPE_U) {
      const high = HEX_PAIR[input.getUint16(at + 2, true)] as number;
      const unit = (high << 8) | (HEX_PAIR[input.getUint16(at + 4, true)] as number);
      if (unit < 0 || (unit >= 0xd800 && unit < 0xe000)) break;
      to = writeUtf8(output, to, unit);
      at += 6;
    }
    if (at === this.at) return this.#copyUnicodeEscape(start);
    this.at = at;
    return to;
  }

  /** Copies what `\uXXXX`, or a pair of these, at `at` stands for. */
  #copyUnicodeEscape(to: number): number {
    const start = this.at;
    const first = this.#escapedUnit(start);
    if (first < 0xd800 || first > 0xdfff) {
      this.at = start + 6;
      return writeUtf8(this.#output, to, first);
    }
    const input = this.#input;
    const isPair = first < 0xdc00 && input[start + 6] === BACKSLASH && input[start + 7] === LETTER_U;
    const second = isPair ? this.#escapedUnit(start + 6) : 0;
    if (second < 0xdc00 || second > 0xdfff) {
      throw this.error(start, `lone surrogate \\u${first.toString(16)}, which has no UTF-8 form`);
    }
    this.at = start + 12;
    return writeUtf8(this.#output, to, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
  }

  #escapedUnit(start: number): number {
    const input = this.#input;
    if (input[start + 1] !== LETTER_U || start + 6 > input.length) throw this.#badEscape(start);
    const view = this.#inputView;
    const high = HEX_PAIR[view.getUint16(start + 2, true)] as number;
    const unit = (high << 8) | (HEX_PAIR[view.getUint16(start + 4, true)] as number);
    if (unit < 0) throw this.#badEscape(start);
    return unit;
  }

  #badEscape(start: number): CdbError {
    if (start + 2 > this.#input.length)
      return this.error(this.#input.length, "the text ends in the middle of a string");
    return this.error(start, "no such escape in JSON");
  }

  #badByte(at: number, byte: number): CdbError {
    const shown = `0x${byte.toString(16).padStart(2, "0")}`;
    return this.error(
      at,
      byte < 0x20 ? `control character ${shown} in a string` : `byte ${shown} is not UTF-8`,
    );
  }

  /** An error for a place in the text. */
  error(offset: number, message: string): CdbError {
    return new CdbError("CDB_INPUT", message, { path: this.#path ?? "JSON text", offset });
  }
}

/** Each hexadecimal digit with its characters. */
function hexDigits(): [value: number, character: number][] {
  return Array.from("0123456789abcdefABCDEF").map((digit) => [
    Number.parseInt(digit, 16),
    digit.charCodeAt(0),
  ]);
}
