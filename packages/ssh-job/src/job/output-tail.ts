/** A stream that ends soon needs no more than this; what is not written to takes no memory. */
const FIRST_BYTES = 64 * 1024;

/** The last bytes of a stream, in one buffer: a copy of each chunk would be garbage as soon as the next ones came. */
export class OutputTail {
  readonly #limit: number;
  /** Grows up to the limit; from then on it is written to in a circle. */
  #buffer = Buffer.alloc(0);
  #end = 0;
  #isRound = false;

  /** `limitBytes`: how much is kept at most. */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  add(chunk: Buffer): void {
    const last = chunk.subarray(Math.max(0, chunk.length - this.#limit));
    this.#makeRoom(last.length);
    const fitting = last.copy(this.#buffer, this.#end);
    this.#isRound ||= this.#end + last.length > this.#limit;
    const rest = last.copy(this.#buffer, 0, fitting);
    this.#end = rest > 0 ? rest : this.#end + fitting;
  }

  /** The bytes in order, without a copy: later chunks write over them. */
  bytes(): Buffer {
    if (!this.#isRound) return this.#buffer.subarray(0, this.#end);
    // Two parts that are each turned round, and then together, have changed places.
    this.#buffer.subarray(0, this.#end).reverse();
    this.#buffer.subarray(this.#end).reverse();
    this.#buffer.reverse();
    this.#end = 0;
    return this.#buffer;
  }

  #makeRoom(bytes: number): void {
    const needed = Math.min(this.#end + bytes, this.#limit);
    if (needed <= this.#buffer.length) return;
    const size = Math.min(this.#limit, Math.max(needed, 8 * this.#buffer.length, FIRST_BYTES));
    const larger = Buffer.allocUnsafe(size);
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}
