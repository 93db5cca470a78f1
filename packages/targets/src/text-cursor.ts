import { ExpressionError, type TargetsErrorCode } from "./errors.ts";

/** A text that is read from left to right, and where the reading has come to. */
export class TextCursor {
  readonly text: string;
  /** Position of the next character, counted from 0. */
  at: number;
  /** What the text is, for errors; absent when the user has just typed it. */
  readonly source: string | undefined;
  readonly #code: TargetsErrorCode;

  constructor(text: string, options: { code: TargetsErrorCode; source?: string | undefined }) {
    this.text = text;
    this.at = 0;
    this.source = options.source;
    this.#code = options.code;
  }

  /** The next character, whole even when it takes two code units; `""` at the end. */
  peek(): string {
    const point = this.text.codePointAt(this.at);
    return point === undefined ? "" : String.fromCodePoint(point);
  }

  /** Takes the text if it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** Takes what matches here; the expression must be sticky. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  /** Passes over blanks of any kind; true if there were some. */
  skipBlanks(): boolean {
    return this.match(/\s*/y) !== "";
  }

  /** An error that points at a position, the current one by default. */
  error(
    reason: string,
    options: { at?: number; hint?: string; code?: TargetsErrorCode } = {},
  ): ExpressionError {
    return new ExpressionError(
      reason,
      { text: this.text, at: options.at ?? this.at, source: this.source },
      { code: options.code ?? this.#code, hint: options.hint },
    );
  }
}
