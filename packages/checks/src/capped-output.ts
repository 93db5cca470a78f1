const HEAD_BYTES = 16 * 1024;
const TAIL_BYTES = 64 * 1024;

/** Keeps the first 16 KiB and the last 64 KiB of an output, so that a chatty check cannot fill the memory. */
export class CappedOutput {
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #omittedBytes = 0;

  /** Adds what came next. */
  add(chunk: Buffer): void {
    const free = HEAD_BYTES - this.#head.length;
    if (free > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, free)]);
    const rest = chunk.subarray(Math.max(0, free));
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    while (this.#tailBytes > TAIL_BYTES) this.#dropFromTail(this.#tailBytes - TAIL_BYTES);
  }

  /** The text, with a note where bytes are missing; bytes that are not UTF-8 become replacement characters. */
  text(): string {
    const tail = Buffer.concat(this.#tail);
    if (this.#omittedBytes === 0) return Buffer.concat([this.#head, tail]).toString("utf8");
    return `${this.#head.toString("utf8")}\n[${this.#omittedBytes} bytes left out]\n${tail.toString("utf8")}`;
  }

  #dropFromTail(excess: number): void {
    const [first] = this.#tail;
    if (!first) return;
    const dropped = Math.min(excess, first.length);
    if (dropped === first.length) this.#tail.shift();
    else this.#tail[0] = first.subarray(dropped);
    this.#tailBytes -= dropped;
    this.#omittedBytes += dropped;
  }
}
