/** What a `ReportError` is made with. */
export interface ReportErrorOptions {
  /** Stable, for example `NO_DEPLOYMENT`. */
  readonly code: string;
  /** What the user can do. */
  readonly hint?: string;
}

/** A report cannot be made. */
export class ReportError extends Error {
  override readonly name: string = "ReportError";
  /** Stable, for example `NO_DEPLOYMENT`. */
  readonly code: string;
  /** What the user can do. */
  readonly hint: string | undefined;

  constructor(message: string, { code, hint }: ReportErrorOptions) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
