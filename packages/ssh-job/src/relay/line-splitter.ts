import { StringDecoder } from "node:string_decoder";

/** A line of output, without its end. */
export interface OutputLine {
  readonly text: string;
  /** False for a piece of a line that is too long, and for text at the end of the stream. */
  readonly isComplete: boolean;
}

/**
 * Cuts bytes into lines at line feeds. A character that is split between two reads stays whole; bytes that are not
 * UTF-8 become replacement characters. A line longer than the limit is handed on in pieces.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #longest: number;
  #pending: string[] = [];
  #pendingLength = 0;
  #isInLongLine = false;

  /** `longest`: the limit of a line, in UTF-16 units. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that this piece of output completes. */
  push(chunk: Uint8Array): OutputLine[] {
    const lines: OutputLine[] = [];
    const parts = this.#decoder.write(Buffer.from(chunk)).split("\n");
    const last = parts.pop() ?? "";
    const [first] = parts;
    if (first !== undefined) {
      this.#hold(first);
      lines.push(this.#take(!this.#isInLongLine));
      this.#isInLongLine = false;
      // There can be a million lines in what one read brings.
      for (let index = 1; index < parts.length; index++)
        lines.push({ text: parts[index] as string, isComplete: true });
    }
    this.#hold(last);
    if (this.#pendingLength > this.#longest) {
      lines.push(this.#take(false));
      this.#isInLongLine = true;
    }
    return lines;
  }

  /** What is left when the stream has ended. */
  end(): OutputLine[] {
    this.#hold(this.#decoder.end());
    return this.#pendingLength > 0 ? [this.#take(false)] : [];
  }

  /** The text after the last line feed. */
  get pending(): string {
    return this.#pending.join("");
  }

  #hold(text: string): void {
    if (text === "") return;
    this.#pending.push(text);
    this.#pendingLength += text.length;
  }

  #take(isComplete: boolean): OutputLine {
    const text = this.pending;
    this.#pending = [];
    this.#pendingLength = 0;
    return { text, isComplete };
  }
}
