import { StringDecoder } from "node:string_decoder";

const MAX_LINE_LENGTH = 4096;

/** Cuts a stream of bytes into lines of text; a line without end is handed on in pieces. */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes the next bytes. */
  add(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
    if (this.#rest.length > MAX_LINE_LENGTH) this.flush();
  }

  /** Hands the last line on when it has no line feed. */
  flush(): void {
    if (this.#rest !== "") this.#onLine(this.#rest);
    this.#rest = "";
  }
}
