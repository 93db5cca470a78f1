import type { KeptOutput } from "./output-file.ts";
import { OutputTail } from "./output-tail.ts";

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
  readonly #tail: OutputTail;
  #head: Buffer[] = [];
  #headBytes = 0;
  #totalBytes = 0;

  /** `limitBytes`: how much is kept at most. */
  constructor(limitBytes: number) {
    this.#headLimit = Math.ceil(limitBytes / 2);
    this.#tail = new OutputTail(Math.floor(limitBytes / 2));
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const forHead = Math.min(this.#headLimit - this.#headBytes, chunk.length);
    if (forHead > 0) {
      // A copy: the chunk is a window on a larger network buffer, which it would keep in memory.
      this.#head.push(Buffer.from(chunk.subarray(0, forHead)));
      this.#headBytes += forHead;
    }
    if (forHead === chunk.length) return;
    // Now, and not when all hosts end together: until then there would be room for it twice.
    if (this.#head.length > 1) this.#head = [Buffer.concat(this.#head)];
    this.#tail.add(chunk.subarray(forHead));
  }

  /** What has been kept so far, and in which file all of it is. */
  result(file?: KeptOutput): CapturedOutput {
    const tail = this.#tail.bytes();
    const omittedBytes = this.#totalBytes - this.#headBytes - tail.length;
    return omittedBytes === 0
      ? captured(joined([...this.#head, tail]), Buffer.alloc(0), this.#totalBytes, file)
      : captured(joined(this.#head), tail, this.#totalBytes, file);
  }
}

/** The bytes of all; the only part that has some is not copied. */
function joined(parts: readonly Buffer[]): Buffer {
  const filled = parts.filter(({ length }) => length > 0);
  const [first] = filled;
  return first !== undefined && filled.length === 1 ? first : Buffer.concat(filled);
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
