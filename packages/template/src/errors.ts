/** Stable identifiers of what went wrong, for callers that branch on the cause. */
export type TemplateErrorCode =
  | "TEMPLATE_YAML"
  | "TEMPLATE_JSON"
  | "TEMPLATE_VARIABLES"
  | "TEMPLATE_OPTION"
  | "TEMPLATE_NAME"
  | "TEMPLATE_FILE"
  | "TEMPLATE_SYNTAX"
  | "TEMPLATE_RENDER";

/** What an error of this package carries besides its message. */
export interface TemplateErrorOptions {
  readonly code: TemplateErrorCode;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly hint?: string | undefined;
  readonly excerpt?: string | undefined;
  readonly cause?: unknown;
}

/** Base class of every error of this package. Its message starts with the place, `file:line: `, when that is known. */
export class TemplateError extends Error {
  /** Stable identifier of the cause. */
  readonly code: TemplateErrorCode;
  /** The file that this is about. */
  readonly file: string | undefined;
  /** Line in that file, from 1. */
  readonly line: number | undefined;
  /** What the user can do about it. */
  readonly hint: string | undefined;
  /** The line of the template with a caret below the place, when that is known. */
  readonly excerpt: string | undefined;

  constructor(problem: string, options: TemplateErrorOptions) {
    const place = [options.file, options.line].filter((part) => part !== undefined).join(":");
    super(
      place === "" ? problem : `${place}: ${problem}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "TemplateError";
    this.code = options.code;
    this.file = options.file;
    this.line = options.line;
    this.hint = options.hint;
    this.excerpt = options.excerpt;
  }
}
