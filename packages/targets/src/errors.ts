import { pointAt } from "./caret.ts";

/** What went wrong, for callers that branch. */
export type TargetsErrorCode =
  | "HOST_SET_SYNTAX"
  | "HOST_SET_TOO_LARGE"
  | "HOST_NAME_INVALID"
  | "QUERY_SYNTAX"
  | "QUERY_UNKNOWN_NAME"
  | "QUERY_ALIAS_LOOP"
  | "QUERY_UNBOUNDED"
  | "QUERY_BACKEND_FAILED"
  | "QUERY_CONFIG"
  | "TARGET_LIST_MISSING"
  | "TARGET_LIST_INVALID"
  | "TARGET_LIST_UNREADABLE"
  | "TARGET_LIST_COMMAND_FAILED"
  | "GROUP_INVALID"
  | "GROUP_OPTION_MISSING"
  | "LIMIT_INVALID"
  | "LIMIT_UNMATCHED"
  | "EXCLUDE_INVALID";

const FAILED_ATTEMPTS: ReadonlySet<TargetsErrorCode> = new Set([
  "LIMIT_UNMATCHED",
  "QUERY_BACKEND_FAILED",
  "TARGET_LIST_COMMAND_FAILED",
]);

/** What a {@link TargetsError} carries besides its message. */
export interface TargetsErrorOptions {
  readonly code: TargetsErrorCode;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Hosts could not be told: a list, a pattern, a range or a query is wrong. */
export class TargetsError extends Error {
  readonly code: TargetsErrorCode;
  readonly hint: string | undefined;
  /** Status for a command to end with: 2 for wrong usage or configuration, 1 where an attempt failed. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: TargetsErrorOptions) {
    super(message, { cause: options.cause });
    this.name = "TargetsError";
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = FAILED_ATTEMPTS.has(options.code) ? 1 : 2;
  }
}

/** Where in a text an error stands. */
export interface TextPlace {
  /** The whole text. */
  readonly text: string;
  /** Position of the first wrong character, counted from 0. */
  readonly at: number;
  /** What the text is, such as `aliases.yaml:3`; absent when the user has just typed it. */
  readonly source?: string | undefined;
}

/** An error at one place of an expression; its message ends with the text and a caret below that place. */
export class ExpressionError extends TargetsError {
  readonly text: string;
  /** Counted from 1. */
  readonly column: number;

  constructor(reason: string, place: TextPlace, options: TargetsErrorOptions) {
    const column = place.at + 1;
    const where = place.source === undefined ? `column ${column}` : `${place.source}, column ${column}`;
    super(`${reason} (${where})\n${pointAt(place.text, place.at)}`, options);
    this.name = "ExpressionError";
    this.text = place.text;
    this.column = column;
  }
}
