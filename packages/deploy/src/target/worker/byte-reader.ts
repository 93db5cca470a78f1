import { TargetWorkError } from "../target-error.ts";

/** Reads lines and runs of bytes from one stream, in order. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #silenceMs: number;
  #rest: Buffer = Buffer.alloc(0);
  #unread = 0;
  /** Once ended, always ended: bytes that come after a silence no longer belong to anything. */
  #hasEnded = false;

  /** @param silenceMs - after this time without a byte the stream counts as ended: the other side is gone */
  constructor(source: AsyncIterable<Buffer>, silenceMs: number = Number.POSITIVE_INFINITY) {
    this.#source = source[Symbol.asyncIterator]();
    this.#silenceMs = silenceMs;
  }

  /**
   * The next line without its end; undefined at the end of the stream. A last line without an end was cut off and does not
   * count.
   *
   * @throws TargetWorkError `PROTOCOL` when a line is longer than `maxBytes`
   */
  async readLine(maxBytes: number): Promise<string | undefined> {
    const parts: Buffer[] = [];
    for (let size = 0; ;) {
      const end = this.#rest.indexOf(10);
      if (end >= 0) {
        parts.push(this.#rest.subarray(0, end));
        this.#rest = this.#rest.subarray(end + 1);
        return Buffer.concat(parts).toString("utf8");
      }
      parts.push(this.#rest);
      size += this.#rest.length;
      if (size > maxBytes) throw new TargetWorkError("A request is too long", { code: "PROTOCOL" });
      if (!(await this.#fill())) return undefined;
    }
  }

  /** The next `count` bytes, in pieces. Ends early only at the end of the stream. One at a time. */
  async *readBytes(count: number): AsyncGenerator<Buffer, void, undefined> {
    this.#unread = count;
    while (this.#unread > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) return;
      yield this.#takePiece();
    }
  }

  /** Passes over what a stopped {@link readBytes} left. */
  async skipUnread(): Promise<void> {
    while (this.#unread > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) return;
      this.#takePiece();
    }
  }

  #takePiece(): Buffer {
    const piece = this.#rest.subarray(0, this.#unread);
    this.#rest = this.#rest.subarray(piece.length);
    this.#unread -= piece.length;
    return piece;
  }

  async #fill(): Promise<boolean> {
    if (this.#hasEnded) return false;
    const next = await withinTime(this.#source.next(), this.#silenceMs);
    this.#rest = next?.value ?? Buffer.alloc(0);
    this.#hasEnded = next === undefined || next.done === true;
    return !this.#hasEnded;
  }
}

/** Undefined when the time is up first. */
async function withinTime<T>(promise: Promise<T>, timeMs: number): Promise<T | undefined> {
  if (timeMs === Number.POSITIVE_INFINITY) return await promise;
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeMs);
  });
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
