import type { Span } from "../kernel/kernel.ts";
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

/** Takes what is in the first `length` bytes of a buffer, which is used again after that. */
export type WriteChunk = (bytes: Buffer, length: number) => void;

/** Writes UTF-8 as the insides of JSON strings, in pure ASCII, in large pieces. */
export class JsonStringWriter {
  readonly #write: WriteChunk;
  readonly #output: Buffer;
  #to = 0;

  /** `output` is the memory in which pieces are made. */
  constructor(write: WriteChunk, output: Buffer) {
    this.#write = write;
    this.#output = output;
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

  /** Room for somebody else to write to: half a piece or more. */
  room(): Span {
    if (this.#to > this.#output.length / 2) this.flush();
    return { bytes: this.#output, start: this.#to, end: this.#output.length };
  }

  /** Takes what was written to the room. */
  take(length: number): void {
    this.#to += length;
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
        continue;
      }
      const code = byte < 0x80 ? byte : codePointAt(input, at, end);
      if (code === -1) break;
      to = writeEscape(output, to, code);
      at += utf8Length(code);
    }
    this.#to = to;
    return at;
  }
}

function writeEscape(output: Buffer, to: number, code: number): number {
  if (code < 0x80 && LETTER[code] !== 0) {
    output[to] = BACKSLASH;
    output[to + 1] = LETTER[code] as number;
    return to + 2;
  }
  if (code < 0x10000) return writeUnit(output, to, code);
  const rest = code - 0x10000;
  return writeUnit(output, writeUnit(output, to, 0xd800 | (rest >> 10)), 0xdc00 | (rest & 0x3ff));
}

/** Writes a UTF-16 unit as a backslash, a `u` and four digits. */
function writeUnit(output: Buffer, to: number, unit: number): number {
  output[to] = BACKSLASH;
  output[to + 1] = LETTER_U;
  for (let n = 0; n < 4; n++) output[to + 2 + n] = digit((unit >> (12 - 4 * n)) & 15);
  return to + 6;
}

function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}
