import { viewOf } from "../byte-view.ts";
import type { Span } from "../kernel/kernel.ts";
import { pairsOf } from "./byte-pairs.ts";
import { codePointAt, utf8Length } from "./code-point.ts";

const BACKSLASH = 0x5c;
/** A backslash and a `u`, as the file has them. */
const ESCAPE_U = 0x755c;
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
const PLAIN_PAIR = pairsOf(PLAIN);
/** The four hexadecimal digits of each UTF-16 unit as the file has them, read as a little-endian number. */
const DIGITS = Uint32Array.from({ length: 1 << 16 }, (_, unit) => {
  return (
    digit(unit >> 12) |
    (digit((unit >> 8) & 15) << 8) |
    (digit((unit >> 4) & 15) << 16) |
    (digit(unit & 15) << 24)
  );
});

/** Takes what is in the first `length` bytes of a buffer, which is used again after that. */
export type WriteChunk = (bytes: Buffer, length: number) => void;

/** Writes UTF-8 as the insides of JSON strings, in pure ASCII, in large pieces. */
export class JsonStringWriter {
  readonly #write: WriteChunk;
  readonly #output: Buffer;
  readonly #view: DataView;
  #to = 0;

  /** `output` is the memory in which pieces are made. */
  constructor(write: WriteChunk, output: Buffer) {
    this.#write = write;
    this.#output = output;
    this.#view = viewOf(this.#output);
  }

  /** Writes a few bytes as they are. */
  raw(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#output.length) this.flush();
    for (let at = 0; at < bytes.length; at++) this.#output[this.#to++] = bytes[at] as number;
  }

  /**
   * Writes the bytes from `start` up to `end`, escaped.
   *
   * @param inputView a view of `input`
   * @returns `end`, or where the bytes stop being UTF-8
   */
  escaped(input: Uint8Array, inputView: DataView, start: number, end: number): number {
    let at = start;
    while (at < end) {
      const before = at;
      at = this.#fill(input, inputView, at, end);
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
  #fill(input: Uint8Array, inputView: DataView, start: number, end: number): number {
    const output = this.#output;
    const view = this.#view;
    const full = output.length - MAX_ESCAPE_BYTES;
    let to = this.#to;
    let at = start;
    while (at < end && to <= full) {
      while (at + 4 <= end && to <= full) {
        const four = inputView.getUint32(at, true);
        if ((PLAIN_PAIR[four & 0xffff] as number) + (PLAIN_PAIR[four >>> 16] as number) !== 2) break;
        view.setUint32(to, four, true);
        at += 4;
        to += 4;
      }
      if (at === end || to > full) break;
      const byte = input[at] as number;
      if (PLAIN[byte] === 1) {
        output[to++] = byte;
        at++;
      } else if (byte < 0x80) {
        to = writeAscii(view, to, byte);
        at++;
      } else {
        this.#to = to;
        at = this.#escapeLetters(input, at, end);
        to = this.#to;
        if (at === end || (input[at] as number) < 0x80 || to > full) continue;
        const code = codePointAt(input, at, end);
        if (code === -1) break;
        to = writeCodePoint(view, to, code);
        at += utf8Length(code);
      }
    }
    this.#to = to;
    return at;
  }

  /** Escapes characters of two and most of three bytes, which come in words; returns where they end. */
  #escapeLetters(input: Uint8Array, start: number, end: number): number {
    const view = this.#view;
    const full = view.byteLength - MAX_ESCAPE_BYTES;
    let to = this.#to;
    let at = start;
    while (at + 2 < end && to <= full) {
      const first = input[at] as number;
      const second = input[at + 1] as number;
      const third = input[at + 2] as number;
      let unit = ((first & 0x1f) << 6) | (second & 0x3f);
      if (first >= 0xe1 && first < 0xed && (second & 0xc0) === 0x80 && (third & 0xc0) === 0x80) {
        unit = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f);
        at += 3;
      } else if (first >= 0xc2 && first < 0xe0 && (second & 0xc0) === 0x80) at += 2;
      else break;
      view.setUint16(to, ESCAPE_U, true);
      view.setUint32(to + 2, DIGITS[unit] as number, true);
      to += 6;
    }
    this.#to = to;
    return at;
  }
}

function writeAscii(output: DataView, to: number, byte: number): number {
  const letter = LETTER[byte] as number;
  if (letter === 0) return writeUnit(output, to, byte);
  output.setUint16(to, BACKSLASH | (letter << 8), true);
  return to + 2;
}

function writeCodePoint(output: DataView, to: number, code: number): number {
  if (code < 0x10000) return writeUnit(output, to, code);
  const rest = code - 0x10000;
  return writeUnit(output, writeUnit(output, to, 0xd800 | (rest >> 10)), 0xdc00 | (rest & 0x3ff));
}

function writeUnit(output: DataView, to: number, unit: number): number {
  output.setUint16(to, ESCAPE_U, true);
  output.setUint32(to + 2, DIGITS[unit] as number, true);
  return to + 6;
}

function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}
