/** What an error of this package can say besides its message. */
export interface LogErrorOptions {
  /** Stable, for programs: decide by this, not by the text. */
  readonly code: string;
  /** What the reader can do about it. */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** Base of every error that `@scap/log` throws on purpose. */
export class LogError extends Error {
  /** Stable identifier, for example `FILTER_SYNTAX`. */
  readonly code: string;
  /** What the reader can do about it, or `undefined`. */
  readonly hint: string | undefined;

  /** @param options - code, hint and cause */
  constructor(message: string, options: LogErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.hint = options.hint;
  }
}
