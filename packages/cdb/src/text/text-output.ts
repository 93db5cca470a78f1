import type { WriteChunk } from "../json/string-writer.ts";

const OUTPUT_BYTES = 1 << 18;
/** From this length on the system's copy is faster than a loop. */
const LONG_BYTES = 160;

/** Gathers text and passes it on in large pieces. */
export class TextOutput {
  readonly #write: WriteChunk;
  readonly #bytes = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  #used = 0;

  constructor(write: WriteChunk) {
    this.#write = write;
  }

  byte(byte: number): void {
    if (this.#used === OUTPUT_BYTES) this.flush();
    this.#bytes[this.#used++] = byte;
  }

  /** Copies bytes from `start` up to `end`. */
  copy(bytes: Buffer, start: number, end: number): void {
    const length = end - start;
    if (this.#used + length > OUTPUT_BYTES) {
      this.flush();
      if (length > OUTPUT_BYTES) return this.#write(bytes.subarray(start, end), length);
    }
    const output = this.#bytes;
    let to = this.#used;
    if (length >= LONG_BYTES) bytes.copy(output, to, start, end);
    else for (let at = start; at < end; at++) output[to++] = bytes[at] as number;
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
