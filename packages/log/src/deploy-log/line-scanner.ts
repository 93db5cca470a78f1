/** What a scanner does with the lines of a log. */
export interface LineScannerOptions {
  /** Texts that a line must contain to be looked at; lines with an escape that could hide one are looked at too. */
  readonly needles: readonly string[];
  /** Gets each line that may matter, without its end. */
  readonly onLine: (line: string) => void;
  /** Told about a line longer than 16 MiB, which is skipped. */
  readonly onOversized: () => void;
}

const START_BYTES = 1024 * 1024;
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HIDING_ESCAPE = Buffer.from("\\u00");

/**
 * Cuts bytes into lines. It searches the bytes for the needles and decodes only lines that contain one, because
 * most lines of a log do not match a filter and decoding and parsing them is what costs time. A line ends at a
 * line feed or a lone carriage return. Bytes that are not UTF-8 become replacement characters.
 */
export class LineScanner {
  readonly #options: LineScannerOptions;
  readonly #needle: Buffer | undefined;
  readonly #otherNeedles: readonly string[];
  #buffer = Buffer.allocUnsafe(START_BYTES);
  #used = 0;
  #isSkipping = false;

  constructor(options: LineScannerOptions) {
    this.#options = options;
    const [longest, ...others] = options.needles.toSorted((a, b) => b.length - a.length);
    this.#needle = longest === undefined ? undefined : Buffer.from(longest);
    this.#otherNeedles = others;
  }

  /** Where the next bytes may be put, before a call of `filled`. */
  space(): Buffer {
    if (this.#used === this.#buffer.length) this.#grow();
    return this.#buffer.subarray(this.#used);
  }

  /** Says how many bytes were put into `space()`. */
  filled(count: number): void {
    const end = this.#used + count;
    normaliseLineEnds(this.#buffer, this.#used, end);
    const complete = this.#buffer.subarray(0, end).lastIndexOf(LINE_FEED) + 1;
    if (complete > 0) this.#scan(this.#skipRest(complete), complete);
    this.#buffer.copyWithin(0, complete, end);
    this.#used = end - complete;
    if (this.#isSkipping) this.#used = 0;
  }

  /** Takes bytes from elsewhere. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const space = this.space();
      const part = chunk.subarray(at, at + space.length);
      space.set(part);
      this.filled(part.length);
      at += part.length;
    }
  }

  /** Takes what is left as the last line. */
  end(): void {
    if (this.#used > 0) this.#scan(0, this.#used);
    this.reset();
  }

  /** Forgets an incomplete line. */
  reset(): void {
    this.#used = 0;
    this.#isSkipping = false;
  }

  #grow(): void {
    if (this.#buffer.length >= MAX_LINE_BYTES) {
      if (!this.#isSkipping) this.#options.onOversized();
      this.#isSkipping = true;
      this.#used = 0;
      return;
    }
    const larger = Buffer.allocUnsafe(this.#buffer.length * 2);
    this.#buffer.copy(larger, 0, 0, this.#used);
    this.#buffer = larger;
  }

  // The tail of a line that was too long.
  #skipRest(complete: number): number {
    if (!this.#isSkipping) return 0;
    this.#isSkipping = false;
    return Math.min(this.#buffer.indexOf(LINE_FEED) + 1, complete);
  }

  #scan(start: number, end: number): void {
    if (this.#needle) this.#scanCandidates(this.#buffer.subarray(start, end), this.#needle);
    else this.#scanAll(start, end);
  }

  #scanAll(start: number, end: number): void {
    for (let at = start; at < end;) {
      const lineFeed = this.#buffer.indexOf(LINE_FEED, at);
      const lineEnd = lineFeed < 0 || lineFeed > end ? end : lineFeed;
      if (lineEnd > at) this.#options.onLine(this.#buffer.toString("utf8", at, lineEnd));
      at = lineEnd + 1;
    }
  }

  #scanCandidates(region: Buffer, needle: Buffer): void {
    let needleAt = region.indexOf(needle);
    let escapeAt = region.indexOf(HIDING_ESCAPE);
    while (needleAt >= 0 || escapeAt >= 0) {
      const hit = needleAt < 0 || (escapeAt >= 0 && escapeAt < needleAt) ? escapeAt : needleAt;
      const lineStart = region.lastIndexOf(LINE_FEED, hit) + 1;
      const lineFeed = region.indexOf(LINE_FEED, hit);
      const lineEnd = lineFeed < 0 ? region.length : lineFeed;
      const mayHide = escapeAt >= 0 && escapeAt < lineEnd;
      this.#offer(region.toString("utf8", lineStart, lineEnd), mayHide);
      if (needleAt >= 0 && needleAt < lineEnd) needleAt = region.indexOf(needle, lineEnd);
      if (mayHide) escapeAt = region.indexOf(HIDING_ESCAPE, lineEnd);
    }
  }

  #offer(line: string, mayHide: boolean): void {
    if (mayHide || this.#otherNeedles.every((needle) => line.includes(needle))) this.#options.onLine(line);
  }
}

// A carriage return cannot stand inside a record, so every one may become a line feed; empty lines do no harm.
function normaliseLineEnds(buffer: Buffer, start: number, end: number): void {
  const region = buffer.subarray(start, end);
  for (let at = region.indexOf(CARRIAGE_RETURN); at >= 0; at = region.indexOf(CARRIAGE_RETURN, at + 1)) {
    region[at] = LINE_FEED;
  }
}
