import type { TextParser } from "./text-format.ts";

const LINE_FEED = 0x0a;

/** Cuts text into lines. The last one may lack its line feed. */
export class LineParser implements TextParser {
  readonly #takeLine: (line: Buffer, offset: number) => void;

  constructor(takeLine: (line: Buffer, offset: number) => void) {
    this.#takeLine = takeLine;
  }

  parse(bytes: Buffer, offset: number, isLast: boolean): number {
    let at = 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(LINE_FEED, at);
      if (found === -1 && !isLast) break;
      const end = found === -1 ? bytes.length : found;
      this.#takeLine(bytes.subarray(at, end), offset + at);
      at = end + 1;
    }
    return Math.min(at, bytes.length);
  }
}
