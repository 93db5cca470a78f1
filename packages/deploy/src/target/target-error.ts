import { GitError } from "@scap/git";

import { DeployError } from "../errors.ts";
import type { WorkerFailure } from "../protocol.ts";

/** Work on a target failed for a reason that a person can act on. */
export class TargetWorkError extends DeployError {
  override readonly name: string = "TargetWorkError";
  /** Last lines of a failed command's output. */
  readonly output: string | undefined;

  constructor(
    message: string,
    options: { code: string; hint?: string; exitCode?: number; output?: string; cause?: unknown },
  ) {
    super(message, options);
    this.output = options.output;
  }
}

/** Failures of the file system in words, by errno. */
export const SYSTEM_FAILURES: Readonly<Record<string, { code: string; text: string; hint: string }>> = {
  ENOSPC: {
    code: "DISK_FULL",
    text: "the disk is full",
    hint: "Free some space on the host and deploy again.",
  },
  EDQUOT: { code: "DISK_FULL", text: "the disk quota is used up", hint: "Free some space on the host." },
  EROFS: { code: "READ_ONLY", text: "the file system is read-only", hint: "Remount it for writing." },
  EACCES: {
    code: "PERMISSION_DENIED",
    text: "permission denied",
    hint: "The ssh user must be able to write there.",
  },
  EPERM: {
    code: "PERMISSION_DENIED",
    text: "not permitted",
    hint: "The ssh user must be able to write there.",
  },
  ENOTDIR: {
    code: "NOT_A_DIRECTORY",
    text: "something that is no directory is in the way",
    hint: "Move it aside on the host, or set another git_deploy_dir.",
  },
  EISDIR: {
    code: "IN_THE_WAY",
    text: "a directory is in the way",
    hint: "Move it aside on the host.",
  },
  EMFILE: {
    code: "TOO_MANY_FILES",
    text: "too many open files",
    hint: "Raise the limit of open files of the ssh user.",
  },
};

/** The same failures when git reports them. */
const GIT_FAILURES: Readonly<Record<string, string>> = {
  DISK_FULL: "the disk is full",
  READ_ONLY: "the file system is read-only",
  GIT_MISSING: "git is not installed, or not in the PATH of the ssh user",
  OBJECTS_MISSING: "objects of the revision are missing in the cache",
};

const EXIT_BUG = 70;

/** What a failure is called in a reply. Errors that nobody foresaw have the code `INTERNAL` and status 70. */
export function describeFailure(error: unknown): WorkerFailure["error"] {
  if (error instanceof DeployError) return fromDeployError(error);
  if (error instanceof GitError) return fromGitError(error);
  if (hasErrno(error)) return fromSystemError(error);
  if (isExplained(error))
    return { code: error.code, message: error.message, exitCode: 1, ...hintOf(error.hint) };
  const message = error instanceof Error ? error.message : String(error);
  return { code: "INTERNAL", message, exitCode: EXIT_BUG };
}

function fromDeployError(error: DeployError): WorkerFailure["error"] {
  const { code, exitCode, hint, message } = error;
  const output = error instanceof TargetWorkError ? error.output : undefined;
  return { code, message, exitCode, ...hintOf(hint), ...(output === undefined ? {} : { output }) };
}

function fromGitError(error: GitError): WorkerFailure["error"] {
  const cause = GIT_FAILURES[error.code];
  const message = cause === undefined ? error.message : `${cause} (${error.message})`;
  return { code: error.code, message, exitCode: 1, ...hintOf(error.hint) };
}

function fromSystemError(error: NodeJS.ErrnoException): WorkerFailure["error"] {
  const known = SYSTEM_FAILURES[error.code ?? ""];
  const { dest } = error as { dest?: string };
  // What a link says is not the place where it could not be made, nor is the place of a file that cannot be moved there.
  const isAboutDest = error.syscall === "symlink" || (error.syscall === "rename" && error.code === "EISDIR");
  const place = isAboutDest ? dest : (error.path ?? dest);
  if (known === undefined) {
    return { code: error.code ?? "INTERNAL", message: error.message, exitCode: 1 };
  }
  const where = place === undefined ? "" : `: ${place}`;
  return { code: known.code, message: `${known.text}${where}`, exitCode: 1, hint: known.hint };
}

/** Whether this is a failure of the system, such as a full disk. */
export function hasErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "errno" in error && "code" in error && typeof error.code === "string";
}

/** Errors of other packages: one sentence, a stable code, perhaps a hint. */
function isExplained(error: unknown): error is Error & { code: string; hint?: unknown } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "hint" in error &&
    !error.code.startsWith("ERR_")
  );
}

function hintOf(hint: unknown): { hint?: string } {
  return typeof hint === "string" ? { hint } : {};
}
