const CLEAR_LINE = "\r\u001b[K";
const MIN_INTERVAL_MS = 100;

/** One line at the bottom of a terminal that changes. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #shownAt = 0;
  #isShown = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows a line, unless the last one is newer than a tenth of a second. */
  readonly show = (line: string): void => {
    if (performance.now() - this.#shownAt < MIN_INTERVAL_MS) return;
    this.#shownAt = performance.now();
    this.#isShown = true;
    this.#stream.write(CLEAR_LINE + line.slice(0, this.#stream.columns - 1));
  };

  /** Writes a line that stays. */
  readonly note = (line: string): void => {
    this.clear();
    this.#stream.write(`${line}\n`);
  };

  clear(): void {
    if (this.#isShown) this.#stream.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
