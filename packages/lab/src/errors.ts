/** What went wrong in a lab, for callers that branch on it. */
export type LabErrorCode =
  | "BAD_OPTION"
  | "UNKNOWN_HOST"
  | "NOT_SUPPORTED"
  | "NOT_POSSIBLE_HERE"
  | "START_FAILED"
  | "NO_LAB"
  | "LAB_RUNNING";

/** Extra facts of a {@link LabError}. */
export interface LabErrorOptions extends ErrorOptions {
  /** What the user can do about it. */
  readonly hint?: string;
}

/** Every error that this package throws on purpose. */
export class LabError extends Error {
  override readonly name = "LabError";
  /** Stable name of the failure. */
  readonly code: LabErrorCode;
  /** What the user can do about it. */
  readonly hint: string | undefined;

  constructor(code: LabErrorCode, message: string, options: LabErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
  }
}
