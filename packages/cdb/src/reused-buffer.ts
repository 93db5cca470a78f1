/** Memory that is kept for the next file, so that the system need not clear new pages for each. */
export class ReusedBuffer {
  readonly #first: Buffer;
  #memory = Buffer.allocUnsafeSlow(0);

  /** `first` is memory for all that fits into it. */
  constructor(first: Buffer = Buffer.allocUnsafeSlow(0)) {
    this.#first = first;
  }

  /** Gives `length` bytes, which hold anything; what was taken before is no longer valid. */
  take(length: number): Buffer {
    if (length <= this.#first.length) return this.#first.subarray(0, length);
    if (this.#memory.length < length) {
      // Let go of the old memory first: both together would double the peak.
      this.#memory = Buffer.allocUnsafeSlow(0);
      this.#memory = Buffer.allocUnsafeSlow(length);
    }
    return this.#memory.subarray(0, length);
  }
}
