import { codePointAt, utf8Length } from "./code-point.ts";

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const DEL = 0x7f;
/** The longest escape, that of a character above U+FFFF. */
const MAX_ESCAPE_BYTES = 12;

/** 1 for the bytes that stand for themselves. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, DEL);
/** The letter after the backslash, for bytes that have a short escape. */
const LETTER = new Uint8Array(256);
for (const [byte, letter] of ['""', "\\\\", "//", "\bb", "\ff", "\nn", "\rr", "\tt"]) {
  PLAIN[(byte as string).charCodeAt(0)] = 0;
  LETTER[(byte as string).charCodeAt(0)] = (letter as string).charCodeAt(0);
}
const DIGITS = Buffer.from("0123456789abcdef", "latin1");

/** Takes what is in the first `length` bytes of a buffer, which is used again after that. */
export type WriteChunk = (bytes: Buffer, length: number) => void;

/** Writes UTF-8 as the insides of JSON strings, in pure ASCII, in large pieces. */
export class JsonStringWriter {
  readonly #write: WriteChunk;
  readonly #output: Buffer;
  #to = 0;

  constructor(write: WriteChunk, chunkBytes: number) {
    this.#write = write;
    this.#output = Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** Writes a few bytes as they are. */
  raw(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#output.length) this.flush();
    for (let at = 0; at < bytes.length; at++) this.#output[this.#to++] = bytes[at] as number;
  }

  /**
   * Writes the bytes from `start` up to `end`, escaped.
   *
   * @returns `end`, or where the bytes stop being UTF-8
   */
  escaped(input: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const before = at;
      at = this.#fill(input, at, end);
      if (at < end && at === before && this.#to + MAX_ESCAPE_BYTES <= this.#output.length) return at;
      if (this.#to + MAX_ESCAPE_BYTES > this.#output.length) this.flush();
    }
    return end;
  }

  flush(): void {
    if (this.#to > 0) this.#write(this.#output, this.#to);
    this.#to = 0;
  }

  /** Escapes until the input ends, the output is full, or a byte is not UTF-8; returns where. */
  #fill(input: Uint8Array, start: number, end: number): number {
    const output = this.#output;
    const full = output.length - MAX_ESCAPE_BYTES;
    let to = this.#to;
    let at = start;
    while (at < end && to <= full) {
      const byte = input[at] as number;
      if (PLAIN[byte] === 1) {
        output[to++] = byte;
        at++;
      } else if (byte >= 0x80) {
        const code = codePointAt(input, at, end);
        if (code === -1) break;
        to = writeCodePoint(output, to, code);
        at += utf8Length(code);
      } else {
        to = writeAscii(output, to, byte);
        at++;
      }
    }
    this.#to = to;
    return at;
  }
}

function writeAscii(output: Buffer, to: number, byte: number): number {
  const letter = LETTER[byte] as number;
  if (letter === 0) return writeUnit(output, to, byte);
  output[to] = BACKSLASH;
  output[to + 1] = letter;
  return to + 2;
}

function writeCodePoint(output: Buffer, to: number, code: number): number {
  if (code < 0x10000) return writeUnit(output, to, code);
  const rest = code - 0x10000;
  return writeUnit(output, writeUnit(output, to, 0xd800 | (rest >> 10)), 0xdc00 | (rest & 0x3ff));
}

function writeUnit(output: Buffer, to: number, unit: number): number {
  output[to] = BACKSLASH;
  output[to + 1] = LETTER_U;
  output[to + 2] = DIGITS[unit >> 12] as number;
  output[to + 3] = DIGITS[(unit >> 8) & 15] as number;
  output[to + 4] = DIGITS[(unit >> 4) & 15] as number;
  output[to + 5] = DIGITS[unit & 15] as number;
  return to + 6;
}
