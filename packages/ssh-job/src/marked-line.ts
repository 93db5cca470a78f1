const NEWLINE = 0x0a;

/**
 * Takes one line that starts with a mark out of a stream of bytes and passes everything else on at once. Only what
 * may be the beginning of the line is held back.
 */
export class MarkedLine {
  readonly #mark: Buffer;
  readonly #found: (rest: string) => void;
  #held: Buffer = Buffer.alloc(0);
  #isDone = false;

  /** `found` gets the rest of the line, without the blank after the mark. */
  constructor(mark: string, found: (rest: string) => void) {
    this.#mark = Buffer.from(`${mark} `);
    this.#found = found;
  }

  /** What of the stream can be passed on after this chunk. */
  pass(chunk: Buffer): Buffer {
    if (this.#isDone) return chunk;
    const all = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    const start = all.indexOf(this.#mark);
    if (start < 0) return this.#hold(all, all.length - this.#partAtEnd(all));
    const end = all.indexOf(NEWLINE, start);
    if (end < 0) return this.#hold(all, start);
    this.#isDone = true;
    this.#held = Buffer.alloc(0);
    this.#found(all.toString("latin1", start + this.#mark.length, end));
    return Buffer.concat([all.subarray(0, start), all.subarray(end + 1)]);
  }

  /** What is still held back when the stream ends. */
  rest(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }

  #hold(all: Buffer, from: number): Buffer {
    this.#held = Buffer.from(all.subarray(from));
    return all.subarray(0, from);
  }

  /** How many bytes at the end may be the beginning of the mark. */
  #partAtEnd(all: Buffer): number {
    for (let length = Math.min(this.#mark.length - 1, all.length); length > 0; length--) {
      if (all.subarray(all.length - length).equals(this.#mark.subarray(0, length))) return length;
    }
    return 0;
  }
}
