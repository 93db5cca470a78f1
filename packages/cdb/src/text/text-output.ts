import { copyBytes, viewOf } from "../byte-view.ts";
import type { Span } from "../kernel/kernel.ts";
import type { WriteChunk } from "../json/string-writer.ts";

/** Size of the pieces. */
export const TEXT_OUTPUT_BYTES: number = 1 << 18;

/** Gathers text and passes it on in large pieces. */
export class TextOutput {
  readonly #write: WriteChunk;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #used = 0;

  /** `memory` is where the pieces are made. */
  constructor(write: WriteChunk, memory: Buffer = Buffer.allocUnsafeSlow(TEXT_OUTPUT_BYTES)) {
    this.#write = write;
    this.#bytes = memory;
    this.#view = viewOf(memory);
  }

  byte(byte: number): void {
    if (this.#used === this.#bytes.length) this.flush();
    this.#bytes[this.#used++] = byte;
  }

  /** Writes a text. */
  text(text: string): void {
    const bytes = Buffer.from(text);
    this.copy(bytes, viewOf(bytes), 0, bytes.length);
  }

  /** Copies bytes from `start` up to `end`. `view` is one of `bytes`. */
  copy(bytes: Buffer, view: DataView, start: number, end: number): void {
    const length = end - start;
    if (this.#used + length > this.#bytes.length) {
      this.flush();
      if (length > this.#bytes.length) return this.#write(bytes.subarray(start, end), length);
    }
    copyBytes(bytes, view, start, end, this.#bytes, this.#view, this.#used);
    this.#used += length;
  }

  /** Room for somebody else to write to: half a piece or more. */
  room(): Span {
    if (this.#used > this.#bytes.length / 2) this.flush();
    return { bytes: this.#bytes, start: this.#used, end: this.#bytes.length };
  }

  /** Takes what was written to the room. */
  take(length: number): void {
    this.#used += length;
  }

  /** Writes a whole number in decimal digits. */
  number(value: number): void {
    if (value >= 10) this.number(Math.floor(value / 10));
    this.byte(0x30 + (value % 10));
  }

  flush(): void {
    if (this.#used > 0) this.#write(this.#bytes, this.#used);
    this.#used = 0;
  }
}
