import type { PyFloat } from "../values/float.ts";
import type { SyntaxSettings } from "./settings.ts";
import type { Token, TokenType } from "./token.ts";

/** A position in a template's source, and the tokens that were found before it. */
export class SourceCursor {
  readonly source: string;
  readonly settings: SyntaxSettings;
  readonly tokens: Token[] = [];
  offset = 0;
  line = 1;
  isAtLineStart = true;
  /** Where the next line ends. */
  #lineEnd: number;

  constructor(source: string, settings: SyntaxSettings) {
    this.source = source;
    this.settings = settings;
    this.#lineEnd = endOfLine(source, 0);
  }

  get isAtEnd(): boolean {
    return this.offset >= this.source.length;
  }

  /** The UTF-16 code of the next character; `NaN` at the end. */
  get code(): number {
    return this.source.charCodeAt(this.offset);
  }

  /** The match of a pattern that is sticky or global, from here on. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.source);
  }

  /** Where the match of a sticky pattern ends that is to begin here; -1 when there is none. */
  endOf(pattern: RegExp): number {
    pattern.lastIndex = this.offset;
    return pattern.test(this.source) ? pattern.lastIndex : -1;
  }

  /** Adds a token that begins here. */
  push(type: TokenType, text: string): void {
    this.tokens.push({ type, text, line: this.line, offset: this.offset });
  }

  /** Adds a number that begins here. */
  pushNumber(type: "integer" | "float", number: number | bigint | PyFloat, text: string): void {
    this.tokens.push({ type, text, number, line: this.line, offset: this.offset });
  }

  /** Adds text that is printed as it is. */
  pushData(text: string): void {
    if (text !== "") this.push("data", this.withNewlines(text));
  }

  /** Text with the line ends that the settings ask for. */
  withNewlines(text: string): string {
    const { newlineSequence } = this.settings;
    return newlineSequence === "\n" ? text : text.replaceAll("\n", newlineSequence);
  }

  /** Goes to an offset further on; the text up to there may have several lines. */
  advance(end: number): void {
    const { source } = this;
    for (; this.#lineEnd < end; this.#lineEnd = endOfLine(source, this.#lineEnd + 1)) this.line++;
    this.isAtLineStart = end > this.offset && source.charCodeAt(end - 1) === LINE_FEED;
    this.offset = end;
  }

  /** Goes to an offset further on in the same line. */
  step(end: number): void {
    this.isAtLineStart = false;
    this.offset = end;
  }
}

const LINE_FEED = 10;

function endOfLine(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? Number.POSITIVE_INFINITY : end;
}
