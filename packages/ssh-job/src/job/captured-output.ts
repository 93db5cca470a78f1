import type { KeptOutput } from "./output-file.ts";

/** What a command wrote to one stream: all of it, or its beginning and its end. */
export interface CapturedOutput {
  /** The first bytes; all of them when nothing is omitted. */
  readonly head: Buffer;
  /** The last bytes; empty when nothing is omitted. */
  readonly tail: Buffer;
  /** How many bytes the command wrote. */
  readonly totalBytes: number;
  /** How many bytes between `head` and `tail` were not kept here. */
  readonly omittedBytes: number;
  /** Where the whole of it is, with `outputDirectory`; missing when the command wrote nothing. */
  readonly file?: KeptOutput;
  /** As text, with replacement characters for what is not UTF-8 and a line that tells of omitted bytes. */
  readonly text: string;
}

/** Keeps the head and the tail of a stream in bounded memory. */
export class OutputCapture {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  readonly #head: Buffer[] = [];
  #tail: Buffer[] = [];
  #headBytes = 0;
  #tailBytes = 0;
  #totalBytes = 0;

  /** `limitBytes`: how much is kept at most. */
  constructor(limitBytes: number) {
    this.#headLimit = Math.ceil(limitBytes / 2);
    this.#tailLimit = Math.floor(limitBytes / 2);
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const forHead = Math.min(this.#headLimit - this.#headBytes, chunk.length);
    if (forHead > 0) {
      // A copy: the chunk is a window on a larger network buffer, which it would keep in memory.
      this.#head.push(Buffer.from(chunk.subarray(0, forHead)));
      this.#headBytes += forHead;
    }
    if (forHead < chunk.length && this.#tailLimit > 0) this.#addToTail(chunk.subarray(forHead));
  }

  /** What has been kept so far, and in which file all of it is. */
  result(file?: KeptOutput): CapturedOutput {
    const head = Buffer.concat(this.#head);
    const rest = Buffer.concat(this.#tail);
    const tail = rest.subarray(Math.max(0, rest.length - this.#tailLimit));
    const omittedBytes = this.#totalBytes - head.length - tail.length;
    return omittedBytes === 0
      ? captured(Buffer.concat([head, tail]), Buffer.alloc(0), this.#totalBytes, file)
      : captured(head, tail, this.#totalBytes, file);
  }

  #addToTail(chunk: Buffer): void {
    this.#tail.push(Buffer.from(chunk.subarray(Math.max(0, chunk.length - this.#tailLimit))));
    this.#tailBytes += Math.min(chunk.length, this.#tailLimit);
    for (let first = this.#tail[0]; first; first = this.#tail[0]) {
      if (this.#tailBytes - first.length < this.#tailLimit) break;
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
    // Thousands of tiny chunks cost far more than their bytes.
    if (this.#tail.length > 1024) this.#tail = [Buffer.concat(this.#tail)];
  }
}

function captured(
  head: Buffer,
  tail: Buffer,
  totalBytes: number,
  file: KeptOutput | undefined,
): CapturedOutput {
  const omittedBytes = totalBytes - head.length - tail.length;
  return {
    head,
    tail,
    totalBytes,
    omittedBytes,
    ...(file ? { file } : {}),
    get text() {
      if (omittedBytes === 0) return head.toString("utf8");
      return `${head.toString("utf8")}\n[... ${omittedBytes} bytes omitted ...]\n${tail.toString("utf8")}`;
    },
  };
}
