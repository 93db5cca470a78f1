/** Stable identifiers of what went wrong, for callers that branch on the cause. */
export type CheckErrorCode = "CHECKS_FILE" | "CHECKS_INVALID";

/** Something that is wrong with a check, or that somebody should look at. */
export interface CheckProblem {
  /** An `error` keeps the checks from running; a `warning` does not. */
  readonly severity: "error" | "warning";
  /** One sentence. */
  readonly message: string;
  /** Name of the check, when it is about one. */
  readonly check?: string | undefined;
  readonly file?: string | undefined;
  /** Line in that file, from 1. */
  readonly line?: number | undefined;
  readonly hint?: string | undefined;
}

/** Base class of every error of this package: one or more problems, all of them found before anything ran. */
export class CheckError extends Error {
  /** Stable identifier of the cause. */
  readonly code: CheckErrorCode;
  /** Everything that was found. */
  readonly problems: readonly CheckProblem[];
  /** What the user can do about it. */
  readonly hint: string | undefined;

  constructor(code: CheckErrorCode, problems: readonly CheckProblem[], options?: ErrorOptions) {
    super(problems.map(describeProblem).join("\n"), options);
    this.name = "CheckError";
    this.code = code;
    this.problems = problems;
    this.hint = problems.find(({ hint }) => hint !== undefined)?.hint;
  }
}

/** The checks of a stage cannot run as they are; nothing was started. */
export class CheckInvalidError extends CheckError {
  constructor(problems: readonly CheckProblem[]) {
    super("CHECKS_INVALID", problems);
    this.name = "CheckInvalidError";
  }
}

/** A problem as one line, with its place in front. */
export function describeProblem(problem: CheckProblem): string {
  const place = [problem.file, problem.line].filter((part) => part !== undefined).join(":");
  const check = problem.check === undefined ? "" : `check "${problem.check}": `;
  return `${place === "" ? "" : `${place}: `}${check}${problem.message}`;
}
