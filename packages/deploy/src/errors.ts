/** Base class of the errors of this package. */
export class DeployError extends Error {
  override readonly name: string = "DeployError";
  /** Stable and upper case. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Status that a command should exit with. */
  readonly exitCode: number;

  constructor(message: string, options: { code: string; hint?: string; exitCode?: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** A target could not do what was asked of it, or could not be asked. */
export class TargetError extends DeployError {
  override readonly name = "TargetError";
  readonly host: string;
  /** Whether the host was lost, so that nothing more can be asked of it. */
  readonly isUnreachable: boolean;
  /** Last lines of output. */
  readonly output: string | undefined;

  constructor(
    host: string,
    message: string,
    options: { code: string; hint?: string; output?: string; isUnreachable?: boolean; cause?: unknown },
  ) {
    super(message, options);
    this.host = host;
    this.isUnreachable = options.isUnreachable ?? false;
    this.output = options.output;
  }
}
