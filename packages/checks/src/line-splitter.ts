import { StringDecoder } from "node:string_decoder";

const MAX_LINE_LENGTH = 4096;
const MAX_LINES = 1000;
const LINE_FEED = 10;

/**
 * Cuts a stream of bytes into lines of text; a line without end is handed on in pieces. After a thousand lines the others
 * are only counted: each line becomes a log record on two hosts, and a check that went wild must not fill their disks.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (line: string) => void;
  #rest = "";
  #lines = 0;
  #furtherLines = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Takes the next bytes. */
  add(chunk: Buffer): void {
    if (this.#lines >= MAX_LINES) {
      this.#furtherLines += countLineFeeds(chunk);
      return;
    }
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#handOn(line);
    if (this.#rest.length > MAX_LINE_LENGTH) this.#handOnRest();
  }

  /** Hands the last line on when it has no line feed, and tells how many were not handed on. */
  flush(): void {
    this.#handOnRest();
    if (this.#furtherLines > 0) this.#onLine(`[${this.#furtherLines} further lines left out]`);
    this.#furtherLines = 0;
  }

  #handOnRest(): void {
    if (this.#rest !== "") this.#handOn(this.#rest);
    this.#rest = "";
  }

  #handOn(line: string): void {
    this.#lines += 1;
    if (this.#lines > MAX_LINES) this.#furtherLines += 1;
    else this.#onLine(line);
  }
}

function countLineFeeds(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
