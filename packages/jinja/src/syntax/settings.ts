/** Delimiters and white space rules; all of Jinja2's. */
export interface SyntaxOptions {
  /** @defaultValue `{%` */
  readonly blockStart?: string;
  /** @defaultValue `%}` */
  readonly blockEnd?: string;
  /** @defaultValue `{{` */
  readonly variableStart?: string;
  /** @defaultValue `}}` */
  readonly variableEnd?: string;
  /** @defaultValue `{#` */
  readonly commentStart?: string;
  /** @defaultValue `#}` */
  readonly commentEnd?: string;
  /** Starts a statement that takes the whole line. @defaultValue none */
  readonly lineStatementPrefix?: string | undefined;
  /** Starts a comment that runs to the end of the line. @defaultValue none */
  readonly lineCommentPrefix?: string | undefined;
  /** Removes the line feed after a block. @defaultValue false */
  readonly trimBlocks?: boolean;
  /** Removes white space before a block at the start of a line. @defaultValue false */
  readonly lstripBlocks?: boolean;
  /** Keeps the line feed at the end of the template. @defaultValue false */
  readonly keepTrailingNewline?: boolean;
  /** What line ends of the template become. @defaultValue `\n` */
  readonly newlineSequence?: "\n" | "\r\n" | "\r";
}

/** The options with all defaults filled in. */
export type SyntaxSettings = Required<SyntaxOptions>;

const DEFAULTS: SyntaxSettings = {
  blockStart: "{%",
  blockEnd: "%}",
  variableStart: "{{",
  variableEnd: "}}",
  commentStart: "{#",
  commentEnd: "#}",
  lineStatementPrefix: undefined,
  lineCommentPrefix: undefined,
  trimBlocks: false,
  lstripBlocks: false,
  keepTrailingNewline: false,
  newlineSequence: "\n",
};

/**
 * Fills in the defaults.
 *
 * @throws RangeError when a delimiter is empty or two start delimiters are the same.
 */
export function resolveSyntax(options: SyntaxOptions): SyntaxSettings {
  const given = Object.entries(options).filter(([name, value]) => name in DEFAULTS && value !== undefined);
  const settings: SyntaxSettings = { ...DEFAULTS, ...Object.fromEntries(given) };
  const starts = [settings.blockStart, settings.variableStart, settings.commentStart];
  const ends = [settings.blockEnd, settings.variableEnd, settings.commentEnd];
  if ([...starts, ...ends].includes("")) throw new RangeError("a template delimiter must not be empty");
  if (new Set(starts).size !== 3) throw new RangeError("the block, variable and comment starts must differ");
  return settings;
}
