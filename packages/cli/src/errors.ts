/** Base class of what goes wrong on the command line; the user can act on every one of them. */
export class CliError extends Error {
  override readonly name: string = "CliError";
  /** Stable and upper case. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Status to exit with. */
  readonly exitCode: number;
  /** Whether the command was refused before it did anything, because of where or by whom it was called. */
  readonly isRefusal: boolean;

  constructor(
    message: string,
    options: { code: string; exitCode: number; hint?: string; cause?: unknown; isRefusal?: boolean },
  ) {
    super(message, { cause: options.cause });
    this.isRefusal = options.isRefusal ?? false;
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode;
  }
}

/** True for a {@link UsageError} of any copy of this package: a bundled handler brings its own. */
export function isUsageError(error: unknown): error is UsageError {
  return hasCode(error, "USAGE");
}

/** Whether an error, of whatever copy of this package, says that the command was refused before it did anything. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && "isRefusal" in error && error.isRefusal === true;
}

/** Whether an error, of whatever copy of whatever package, has this code. */
export function hasCode(error: unknown, code: string): error is Error & { readonly code: string } {
  return error instanceof Error && "code" in error && error.code === code;
}

/** The command line itself is wrong. */
export class UsageError extends CliError {
  override readonly name = "UsageError";

  constructor(message: string, hint?: string) {
    super(message, { code: "USAGE", exitCode: 2, ...(hint === undefined ? {} : { hint }) });
  }
}
