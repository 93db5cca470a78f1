/** What a caller of this package may want to tell apart. */
export type GitErrorCode =
  | "GIT_MISSING"
  | "GIT_TOO_OLD"
  | "GIT_FAILED"
  /** A program that git starts for a subcommand, such as git-lfs. */
  | "PROGRAM_MISSING"
  | "NOT_A_REPOSITORY"
  | "NOT_TOP_LEVEL"
  | "DUBIOUS_OWNERSHIP"
  | "UNKNOWN_REVISION"
  | "OBJECTS_MISSING"
  | "PACK_DAMAGED"
  | "LOCKED"
  | "DISK_FULL"
  | "READ_ONLY"
  | "PERMISSION_DENIED"
  | "TIMEOUT"
  | "ABORTED"
  | "INVALID_ARGUMENT";

/** Options of every {@link GitError}. */
export interface GitErrorOptions extends ErrorOptions {
  /** Tells the kinds of failure apart. */
  readonly code: GitErrorCode;
  /** What the user can do about it. */
  readonly hint?: string;
}

/** Base of all errors of this package. */
export class GitError extends Error {
  override readonly name: string = "GitError";
  readonly code: GitErrorCode;
  readonly hint: string | undefined;

  constructor(message: string, options: GitErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
  }
}

/** A git command ended with a failure; its output is kept, without credentials. */
export class GitCommandError extends GitError {
  override readonly name: string = "GitCommandError";
  /** Exit status of git, or null when a signal ended it. What a program that reports the error exits with is its own affair. */
  readonly gitStatus: number | null;
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    message: string,
    options: GitErrorOptions & { gitStatus: number | null; stdout: string; stderr: string },
  ) {
    super(message, options);
    this.gitStatus = options.gitStatus;
    this.stdout = options.stdout;
    this.stderr = options.stderr;
  }
}
