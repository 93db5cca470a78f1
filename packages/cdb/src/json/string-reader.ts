import { CdbError } from "../errors.ts";
import { codePointAt, utf8Length, writeUtf8 } from "./code-point.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** 1 for the bytes that stand for themselves in a JSON string. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x80);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

/** What the letter after a backslash stands for; 0 if it is none. */
const ESCAPED = new Uint8Array(256);
for (const [letter, byte] of ['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"]) {
  ESCAPED[(letter as string).charCodeAt(0)] = (byte as string).charCodeAt(0);
}

/** Value of each hexadecimal digit; -1 for anything else. */
const DIGIT_VALUE = new Int8Array(256).fill(-1);
for (const digit of "0123456789abcdefABCDEF") DIGIT_VALUE[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/** Copies JSON strings into another buffer as the UTF-8 that they stand for. */
export class JsonStringReader {
  /** Where to read next. */
  at = 0;
  /** Where to write next. */
  to: number;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  readonly #path: string | undefined;

  /** The output must have room: what a string stands for is never longer than the string. */
  constructor(input: Uint8Array, output: Uint8Array, to: number, path: string | undefined) {
    this.#input = input;
    this.#output = output;
    this.to = to;
    this.#path = path;
  }

  /** Copies the string whose opening quote is before `at`, and goes behind its closing one. */
  copy(): void {
    const input = this.#input;
    const output = this.#output;
    const end = input.length;
    let { at, to } = this;
    while (at < end) {
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
          to = this.#copyUnicodeEscape(to);
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
    let unit = 0;
    // A value of -1 sets all bits, which stay set in the sign.
    for (let at = start + 2; at < start + 6; at++)
      unit = (unit << 4) | (DIGIT_VALUE[input[at] as number] as number);
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
