/** Hosts that get packs, the worker's file or a runtime at once: enough to fill the network, few enough to bound the memory. */
export const TRANSFERS_AT_ONCE = 5;

/** Lets only so many transfers happen at once, in the order in which they were asked for. */
export class TransferGate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Runs `transfer` when there is room, and makes room however it ends. */
  async run<T>(transfer: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await transfer();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
