/** Lets a limited number of callers through at a time, the others in the order in which they came. */
export class Limiter {
  #limit: number;
  #active = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many may be through at a time. Lowering it does not interrupt those who are. */
  get limit(): number {
    return this.#limit;
  }

  set limit(limit: number) {
    this.#limit = limit;
    this.#letIn();
  }

  /** How many are through now. */
  get active(): number {
    return this.#active;
  }

  /**
   * Waits for a place.
   *
   * @returns a function that gives the place back; calling it again does nothing.
   * @throws the reason of `signal`
   */
  async take(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#active >= Math.floor(this.#limit) || this.#waiting.length > 0) await this.#wait(signal);
    else this.#active++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#active--;
      this.#letIn();
    };
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason as Error);
      };
      const enter = (): void => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push(enter);
    });
  }

  // The place is counted here and not when the waiter wakes up, or a newcomer could take it in between.
  #letIn(): void {
    while (this.#active < Math.floor(this.#limit)) {
      const enter = this.#waiting.shift();
      if (!enter) return;
      this.#active++;
      enter();
    }
  }
}
