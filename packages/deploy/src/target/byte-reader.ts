import { TargetWorkError } from "./target-error.ts";

/** Reads lines and runs of bytes from one stream, in order. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #silenceMs: number;
  #rest: Buffer = Buffer.alloc(0);

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

  /** The next `count` bytes, in pieces. Ends early only at the end of the stream. */
  async *readBytes(count: number): AsyncGenerator<Buffer, void, undefined> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#fill())) return;
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #fill(): Promise<boolean> {
    const next = await withinTime(this.#source.next(), this.#silenceMs);
    this.#rest = next?.value ?? Buffer.alloc(0);
    return next !== undefined && next.done !== true;
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
