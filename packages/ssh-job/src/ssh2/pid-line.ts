/** Most that is held back while waiting for the line: what a login shell's start files may print before it. */
const LONGEST_WAIT_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Takes the line with the process group's id out of a stream and passes everything else on. */
export class PidLine {
  readonly #mark: string;
  readonly #found: (group: number) => void;
  #held: Buffer = Buffer.alloc(0);
  #isDone = false;

  constructor(mark: string, found: (group: number) => void) {
    this.#mark = `${mark} `;
    this.#found = found;
  }

  /** What of the stream can be passed on after this chunk. */
  pass(chunk: Buffer): Buffer {
    if (this.#isDone) return chunk;
    this.#held = Buffer.concat([this.#held, chunk]);
    const start = this.#held.indexOf(this.#mark);
    const end = start < 0 ? -1 : this.#held.indexOf(NEWLINE, start);
    if (end >= 0) return this.#take(start, end);
    return this.#held.length > LONGEST_WAIT_BYTES ? this.rest() : Buffer.alloc(0);
  }

  /** What is still held back when the stream ends. */
  rest(): Buffer {
    this.#isDone = true;
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }

  #take(start: number, end: number): Buffer {
    this.#found(Number(this.#held.toString("latin1", start + this.#mark.length, end)));
    const held = this.rest();
    return Buffer.concat([held.subarray(0, start), held.subarray(end + 1)]);
  }
}
