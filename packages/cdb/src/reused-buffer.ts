/** Memory that is kept for the next file, so that the system need not clear new pages for each. */
export class ReusedBuffer {
  #memory = Buffer.allocUnsafeSlow(0);

  /** Gives `length` bytes, which hold anything; what was taken before is no longer valid. */
  take(length: number): Buffer {
    if (this.#memory.length < length) {
      // Let go of the old memory first: both together would double the peak.
      this.#memory = Buffer.allocUnsafeSlow(0);
      this.#memory = Buffer.allocUnsafeSlow(length);
    }
    return this.#memory.subarray(0, length);
  }
}
