/** What went wrong, for callers that branch. */
export type CdbErrorCode =
  /** A CDB file breaks the format: too short, a position outside the file, tables that overlap, … */
  | "CDB_DAMAGED"
  /** The database would not fit into the format's 4 GiB. */
  | "CDB_TOO_LARGE"
  /** A key or value is not text: not a string, a lone surrogate, or bytes that are not UTF-8. */
  | "CDB_TEXT"
  /** Input in a text format (cdbmake, json, ndjson, tsv) does not follow that format. */
  | "CDB_INPUT"
  /** A rebuilt CDB does not have the MD5 that its MD5 file promises. */
  | "CDB_MD5"
  /** The operating system refused: no such file, no permission, disk full, … The `cause` has its code. */
  | "CDB_IO"
  /** A reader or writer was used after it was closed. */
  | "CDB_CLOSED"
  /** The operation was stopped through its `AbortSignal`. */
  | "CDB_ABORTED"
  /** An option has a value that cannot be. */
  | "CDB_OPTION";

/** Details of a {@link CdbError}. */
export interface CdbErrorDetails {
  /** File concerned, if there is one. */
  readonly path?: string | undefined;
  /** Byte offset in that file, counted from 0. */
  readonly offset?: number | undefined;
  /** What the user can do about it. */
  readonly hint?: string | undefined;
  /** The error below this one. */
  readonly cause?: unknown;
}

/** The only error class of this package. The message names file and offset where they are known. */
export class CdbError extends Error {
  /** What happened, without file and offset. */
  readonly reason: string;
  /** Stable code. */
  readonly code: CdbErrorCode;
  /** File concerned, if there is one. */
  readonly path: string | undefined;
  /** Byte offset in that file. */
  readonly offset: number | undefined;
  /** What the user can do about it. */
  readonly hint: string | undefined;

  constructor(code: CdbErrorCode, message: string, details: CdbErrorDetails = {}) {
    super(withPlace(message, details), details.cause === undefined ? {} : { cause: details.cause });
    this.name = "CdbError";
    this.reason = message;
    this.code = code;
    this.path = details.path;
    this.offset = details.offset;
    this.hint = details.hint;
  }
}

function withPlace(message: string, { path, offset }: CdbErrorDetails): string {
  const place = [path, offset === undefined ? undefined : `offset ${offset}`].filter(
    (part) => part !== undefined,
  );
  return place.length === 0 ? message : `${place.join(", ")}: ${message}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  ENOSPC: "no space left on the disk",
  EROFS: "the file system is read-only",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would be larger than allowed",
  EMFILE: "too many open files",
};

/** Turns an error of a file operation into a {@link CdbError}; a `CdbError` passes unchanged. */
export function ioError(action: string, path: string, cause: unknown): CdbError {
  if (cause instanceof CdbError) return cause;
  const code = errnoOf(cause);
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new CdbError("CDB_IO", `cannot ${action}: ${reason}`, { path, cause });
}

/** The system's code of an error (`"ENOENT"`), or `""`. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Throws a {@link CdbError} with code `CDB_ABORTED` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new CdbError("CDB_ABORTED", "stopped on request", { cause: signal.reason });
}
