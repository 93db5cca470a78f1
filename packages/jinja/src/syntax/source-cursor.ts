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

  constructor(source: string, settings: SyntaxSettings) {
    this.source = source;
    this.settings = settings;
  }

  get isAtEnd(): boolean {
    return this.offset >= this.source.length;
  }

  /** The match of a pattern that is sticky or global, from here on. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.source);
  }

  /** Adds a token that begins here. */
  push(type: TokenType, text: string): void {
    this.tokens.push({ type, text, line: this.line, offset: this.offset });
  }

  /** Adds a token that begins at an earlier offset. */
  pushFrom(offset: number, type: TokenType): void {
    const line = this.line - countLines(this.source.slice(offset, this.offset));
    this.tokens.push({ type, text: "", line, offset });
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

  /** Goes to an offset further on; `passed` is the text up to there. */
  advance(end: number, passed: string = this.source.slice(this.offset, end)): void {
    this.line += countLines(passed);
    this.isAtLineStart = passed.endsWith("\n");
    this.offset = end;
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) lines++;
  return lines;
}
