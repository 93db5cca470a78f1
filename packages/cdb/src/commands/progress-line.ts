const CLEAR_LINE = "\r\u001b[K";
const MIN_INTERVAL_MS = 100;

/** One line at the bottom of a terminal that changes. */
export class ProgressLine {
  readonly #open: () => NodeJS.WriteStream;
  #shownAt = Date.now();
  #isShown = false;

  /** `open` gives the stream, and is not called before there is something to write. */
  constructor(open: () => NodeJS.WriteStream) {
    this.#open = open;
  }

  /** Shows a line on a terminal, unless the last one is newer than a tenth of a second. */
  readonly show = (line: string): void => {
    if (Date.now() - this.#shownAt < MIN_INTERVAL_MS) return;
    this.#shownAt = Date.now();
    const stream = this.#open();
    if (!stream.isTTY) return;
    this.#isShown = true;
    stream.write(CLEAR_LINE + line.slice(0, stream.columns - 1));
  };

  /** Writes a line that stays. */
  readonly note = (line: string): void => {
    this.clear();
    this.#open().write(`${line}\n`);
  };

  clear(): void {
    if (this.#isShown) this.#open().write(CLEAR_LINE);
    this.#isShown = false;
  }
}
