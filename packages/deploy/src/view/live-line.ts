/** At most this many redraws a second. */
const REDRAWS_PER_SECOND = 10;

/** The last line of a terminal, redrawn in place below lines that stay. Writes only the latter where there is no terminal. */
export class LiveLine {
  readonly #stream: NodeJS.WritableStream;
  readonly #columns: number | undefined;
  #text = "";
  #isDrawn = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { readonly stream: NodeJS.WritableStream; readonly columns: number | undefined }) {
    this.#stream = options.stream;
    this.#columns = options.columns;
  }

  /** Changes the live line. */
  show(text: string): void {
    if (this.#columns === undefined) return;
    this.#text = text.slice(0, this.#columns - 1);
    if (this.#timer !== undefined) return;
    this.#draw();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#draw();
    }, 1000 / REDRAWS_PER_SECOND).unref();
  }

  /** Writes a line that stays, above the live one. */
  print(line: string): void {
    this.clear();
    this.#stream.write(`${line}\n`);
  }

  /** Takes the live line away. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#text = "";
    if (this.#isDrawn) this.#stream.write("\r\u001b[K");
    this.#isDrawn = false;
  }

  #draw(): void {
    if (this.#text === "") return;
    this.#stream.write(`\r\u001b[K${this.#text}`);
    this.#isDrawn = true;
  }
}
