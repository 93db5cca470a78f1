import { ExpressionError, type TargetsErrorCode } from "./errors.ts";

/** What a {@link TextCursor} reads, and how it complains. */
export interface TextCursorOptions {
  /** Code of its errors. */
  readonly code: TargetsErrorCode;
  /** What the text is; absent when the user has just typed it. */
  readonly source?: string | undefined;
  /** @defaultValue 0 */
  readonly start?: number;
  /** @defaultValue the end of the text */
  readonly end?: number;
}

/** A text that is read from left to right, and where the reading has come to. */
export class TextCursor {
  readonly text: string;
  /** Position of the next character, counted from 0. */
  at: number;
  readonly source: string | undefined;
  readonly #code: TargetsErrorCode;
  readonly #readable: string;

  /** Reads from `start` up to and without `end`; errors show the whole text. */
  constructor(text: string, options: TextCursorOptions) {
    this.text = text;
    this.at = options.start ?? 0;
    this.source = options.source;
    this.#code = options.code;
    this.#readable = text.slice(0, options.end);
  }

  /** The next character, whole even when it takes two code units; `""` at the end. */
  peek(): string {
    const point = this.#readable.codePointAt(this.at);
    return point === undefined ? "" : String.fromCodePoint(point);
  }

  /** Takes the text if it comes next. */
  take(expected: string): boolean {
    if (!this.#readable.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** Takes what matches here; the expression must be sticky. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#readable)?.[0] ?? "";
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
