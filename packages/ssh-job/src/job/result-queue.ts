/** Hands items from those who make them to one reader, in order. */
export class ResultQueue<T> {
  readonly #items: T[] = [];
  #wake: () => void = () => undefined;
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;

  add(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** No more items will come. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Lets the reader throw, after the items that are there. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  /** The items, until the end. */
  async *items(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      // Taken as a block: shifting one by one from a long list costs more than the items.
      for (const item of this.#items.splice(0)) yield item;
      if (this.#items.length > 0) continue;
      if (this.#failure) throw this.#failure.error;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
