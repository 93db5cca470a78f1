import { describeProblem, type ConfigProblem } from "./problem.ts";

/** What went wrong, for callers that branch. */
export type ConfigErrorCode =
  | "CONFIG_INVALID"
  | "CONFIG_FILE_MISSING"
  | "CONFIG_FILE_UNREADABLE"
  | "CONFIG_DEFINE_MALFORMED"
  | "CONFIG_ENVIRONMENT_UNKNOWN"
  | "CONFIG_SECRET_UNREADABLE";

/** What a {@link ConfigError} carries besides its message. */
export interface ConfigErrorOptions {
  readonly code: ConfigErrorCode;
  /** Every problem that was found; empty when the message says it all. */
  readonly problems?: readonly ConfigProblem[];
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The configuration cannot be used. The message names each problem with its file and line. */
export class ConfigError extends Error {
  readonly code: ConfigErrorCode;
  readonly problems: readonly ConfigProblem[];
  readonly hint: string | undefined;
  /** Status for a command to end with: 1, as in Python Scap 4.283; 2 where a file that was named does not exist. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: ConfigErrorOptions) {
    super(message, { cause: options.cause });
    this.name = "ConfigError";
    this.code = options.code;
    this.problems = options.problems ?? [];
    this.hint = options.hint;
    this.exitCode = options.code === "CONFIG_FILE_MISSING" ? 2 : 1;
  }
}

/** Joins problems into one error: alone on one line, several as a list below a count. */
export function problemsToError(problems: readonly ConfigProblem[]): ConfigError {
  const lines = problems.map(describeProblem);
  const message =
    lines.length === 1
      ? `The configuration is invalid: ${lines[0]}`
      : `The configuration has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  return new ConfigError(message, {
    code: "CONFIG_INVALID",
    problems,
    hint: "Correct the lines named above; `scap config check` reports them all again.",
  });
}
