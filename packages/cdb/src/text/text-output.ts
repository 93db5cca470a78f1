import { copyBytes, viewOf } from "../byte-view.ts";
import type { WriteChunk } from "../json/string-writer.ts";

const OUTPUT_BYTES = 1 << 18;

/** Gathers text and passes it on in large pieces. */
export class TextOutput {
  readonly #write: WriteChunk;
  readonly #bytes = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  readonly #view = viewOf(this.#bytes);
  #used = 0;

  constructor(write: WriteChunk) {
    this.#write = write;
  }

  byte(byte: number): void {
    if (this.#used === OUTPUT_BYTES) this.flush();
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
    if (this.#used + length > OUTPUT_BYTES) {
      this.flush();
      if (length > OUTPUT_BYTES) return this.#write(bytes.subarray(start, end), length);
    }
    copyBytes(bytes, view, start, end, this.#bytes, this.#view, this.#used);
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
