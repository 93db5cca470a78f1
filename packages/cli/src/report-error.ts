import { printable } from "./printable.ts";
import { machineFailure } from "./machine-failure.ts";
import { EXIT } from "./exit-code.ts";
import type { Output } from "./invocation.ts";

/** What every error of this project that a user can act on has; told apart by shape, since packages share no class. */
export interface ExpectedError extends Error {
  /** Stable name of the failure. */
  readonly code: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** Status to exit with. @defaultValue 1 */
  readonly exitCode?: number;
}

/**
 * Prints an error and answers with the exit status: one sentence and what to do for an expected one, a request to
 * report it (and, when verbose, the stack) for a bug.
 */
export function reportError(
  error: unknown,
  to: { stderr: Output; program: string; verbose: boolean },
): number {
  const { stderr, program, verbose } = to;
  // Messages quote what users and hosts said.
  const say = (line: string): void => void stderr.write(`${printable(line)}\n`);
  if (isExpectedError(error)) {
    say(`${program}: ${error.message}`);
    if (error.hint !== undefined) say(error.hint);
    if (verbose && error.stack !== undefined) say(error.stack);
    return error.exitCode ?? EXIT.failed;
  }
  const failure = machineFailure(error);
  if (failure !== undefined) {
    say(`${program}: ${failure.message}`);
    say(failure.hint);
    if (verbose && error instanceof Error) say(error.stack ?? "");
    return EXIT.failed;
  }
  const text = error instanceof Error ? error.message : String(error);
  say(`${program}: internal error: ${text}`);
  if (verbose && error instanceof Error) say(error.stack ?? "");
  else say("This is a bug. Run the command again with --verbose to see where, and report it.");
  return EXIT.bug;
}

/**
 * Whether a user can act on an error.
 *
 * Errors of the operating system come with a `code` and a `syscall` but without words for the user: these are bugs here.
 */
export function isExpectedError(error: unknown): error is ExpectedError {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return false;
  return !("syscall" in error) && !error.code.startsWith("ERR_");
}
