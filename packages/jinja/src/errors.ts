/** What went wrong, for programs. `kind` of the error has Python's finer name. */
export type JinjaErrorCode =
  | "syntax"
  | "undefined"
  | "template-not-found"
  | "limit"
  | "unprintable"
  | "runtime";

/** A place in a template. */
export interface TemplateLocation {
  /** Name the template was compiled or loaded under. */
  readonly templateName: string;
  /** Line, from 1; the line that Python's Jinja2 reports. */
  readonly line: number;
  /** Column in code points, from 1. */
  readonly column: number;
  /** The source line and a caret below the column. */
  readonly excerpt: string;
}

/** Extra facts for a {@link JinjaError}. */
export interface JinjaErrorOptions {
  /** What the user can do about it. */
  readonly hint?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** Base of every error that compiling or rendering a template throws. */
export class JinjaError extends Error {
  /** Stable code for programs. */
  readonly code: JinjaErrorCode;
  /** Name of the exception that Python's Jinja2 raises here, such as `UndefinedError` or `TypeError`. */
  readonly kind: string;
  /** What the user can do, when there is something. */
  readonly hint: string | undefined;
  /** The message without the place. */
  readonly detail: string;
  #location: TemplateLocation | undefined;

  constructor(code: JinjaErrorCode, kind: string, detail: string, options: JinjaErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.kind = kind;
    this.detail = detail;
    this.hint = options.hint;
  }

  /** Where it happened; missing only for errors outside of any template. */
  get location(): TemplateLocation | undefined {
    return this.#location;
  }

  /** Adds the place, unless a deeper call has already done so. Returns the error itself. */
  locate(location: TemplateLocation): this {
    if (this.#location === undefined) {
      this.#location = location;
      this.message = `${location.templateName}:${location.line}:${location.column}: ${this.detail}`;
    }
    return this;
  }
}

/** The template cannot be parsed or compiled (`TemplateSyntaxError`, `TemplateAssertionError`). */
export class TemplateSyntaxError extends JinjaError {
  constructor(
    detail: string,
    kind: "TemplateSyntaxError" | "TemplateAssertionError" = "TemplateSyntaxError",
  ) {
    super("syntax", kind, detail);
  }
}

/** An undefined value was used where a value is needed. */
export class UndefinedError extends JinjaError {
  constructor(detail: string) {
    super("undefined", "UndefinedError", detail);
  }
}

/** `include`, `import` or `extends` named a template that the loader does not have. */
export class TemplateNotFoundError extends JinjaError {
  /** The names that were tried. */
  readonly names: readonly string[];

  constructor(names: readonly string[], detail?: string) {
    const kind = detail === undefined ? "TemplateNotFound" : "TemplatesNotFound";
    super("template-not-found", kind, detail ?? `no template named '${names[0] ?? ""}'`);
    this.names = names;
  }
}

/** The template used more steps, output, recursion or memory than its limits allow. */
export class TemplateLimitError extends JinjaError {
  /** The option of `limits` that was reached. */
  readonly limit: string;

  constructor(limit: string, detail: string, kind = "SecurityError") {
    super("limit", kind, detail, { hint: `Raise the limit "${limit}" if the template is trusted.` });
    this.limit = limit;
  }
}

/** Jinja2 would print a memory address here, which no configuration file wants. */
export class UnprintableError extends JinjaError {
  constructor(what: string) {
    super("unprintable", "UnprintableError", `a ${what} has no text of its own`, {
      hint: "Turn it into a list with |list or into text with |join.",
    });
  }
}

/** A failed operation, with the name of Python's exception in `kind`. */
export class TemplateRuntimeError extends JinjaError {
  constructor(kind: string, detail: string, options: JinjaErrorOptions = {}) {
    super("runtime", kind, detail, options);
  }
}

/** Python's `TypeError`. */
export function typeError(detail: string): TemplateRuntimeError {
  return new TemplateRuntimeError("TypeError", detail);
}

/** Python's `ValueError`. */
export function valueError(detail: string): TemplateRuntimeError {
  return new TemplateRuntimeError("ValueError", detail);
}

/** Jinja2's error for arguments that a filter does not accept. */
export function filterArgumentError(detail: string): TemplateRuntimeError {
  return new TemplateRuntimeError("FilterArgumentError", detail);
}
