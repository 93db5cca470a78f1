/** A value as configured: `null` means that a known option is not set. */
export type ConfigValue = string | number | boolean | null;

/**
 * What a text must be.
 *
 * - `bool`, `int`, `float`: as Python Scap reads them.
 * - `umask`: octal with a leading `0` or `0o`, otherwise decimal.
 * - `limit`: failed hosts allowed, a count or a percentage of 0-100 such as `33.4%`.
 * - `list`: parts between commas. `path`, `str`: any text.
 */
export type OptionType = "bool" | "int" | "float" | "str" | "umask" | "limit" | "list" | "path";

/** The declaration of one option: coercion, help, completion and the reference page all come from it. */
export interface OptionSpec {
  /** Lower-case name; in a family a suffix such as `_group_size`. */
  readonly name: string;
  readonly type: OptionType;
  /** Value when nothing sets the option; `null` for none. A function where it depends on the process. */
  readonly default: ConfigValue | (() => ConfigValue);
  /** One line, ending with a full stop. */
  readonly help: string;
  /** Subject under which the reference lists it, for example `Targets and failure handling`. */
  readonly subject: string;
  /** For numbers: `seconds`, `hosts`, … */
  readonly unit?: string;
  /** Smallest value allowed. */
  readonly min?: number;
  /** Largest value allowed. */
  readonly max?: number;
  /** Refuse the empty text. */
  readonly nonEmpty?: boolean;
  /** Never shown; may also come from a file (`<name>_file`) or a variable (`<name>_env`). */
  readonly secret?: boolean;
  /**
   * The text is checked when loading but kept as text, and the accessors convert it; absent from the effective
   * options when not set. So it is with every option that has no built-in default in Python Scap.
   */
  readonly keepsText?: boolean;
  /** Targets get it with a deployment, whose value wins there over their own. */
  readonly toTargets?: boolean;
  /** Why the option has no effect any more. */
  readonly deprecated?: string;
  /** The only texts that are allowed. */
  readonly choices?: readonly string[];
  /** Words that the text, or each part of a `list`, is one of; another one is legal and gets a warning. */
  readonly words?: readonly string[];
  /** A further check of the text; returns what is wrong, to follow the option's name: `must …`. */
  readonly check?: (text: string) => string | undefined;
}

/** A family of options that share an ending, one for each deploy group or stage. */
export interface OptionFamily extends OptionSpec {
  /** What stands before the ending. */
  readonly prefix: "group" | "stage";
}

/** The specification's default, resolved. */
export function defaultOf(spec: OptionSpec): ConfigValue {
  return typeof spec.default === "function" ? spec.default() : spec.default;
}

/** Declares a table of options that belong to one subject of the reference. */
export function underSubject(subject: string, specs: readonly Omit<OptionSpec, "subject">[]): OptionSpec[] {
  return specs.map((spec) => ({ ...spec, subject }));
}
