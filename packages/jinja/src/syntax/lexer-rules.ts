import type { SyntaxSettings } from "./settings.ts";

/** Python's white space as the inside of a character class; JavaScript's `\s` is a slightly different set. */
export const SPACE_CLASS =
  "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACE = `[${SPACE_CLASS}]`;

const NUMBER = String.raw`((?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+\-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))|(0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*)`;
const NAME = String.raw`([\p{L}\p{N}_\p{M}\u00b7\u0387\u1369-\u1371\u203f\u2040\u2054\ufe33\ufe34\ufe4d-\ufe4f\uff3f]+)`;
const STRING = String.raw`('[^'\\]*(?:\\[^][^'\\]*)*'|"[^"\\]*(?:\\[^][^"\\]*)*")`;
const OPERATOR = String.raw`(\/\/|\*\*|==|!=|>=|<=|[-+\/*%~[\](){}><=.:|,;])`;

/** The patterns that the lexer uses for one set of delimiters. */
export interface LexerRules {
  /** Finds the next tag in text. */
  readonly root: RegExp;
  /** Finds the end of a comment. */
  readonly commentEnd: RegExp;
  /** Finds `endraw`. */
  readonly rawEnd: RegExp;
  /** Matches the end of a block. */
  readonly blockEnd: RegExp;
  /** Matches the end of an output. */
  readonly variableEnd: RegExp;
  /** Matches the end of a line statement. */
  readonly lineEnd: RegExp;
  /** Matches white space, or a name of plain letters: most of what is inside of tags, and quickly. */
  readonly plain: RegExp;
  /** Matches one token inside of a tag; its groups are white space, float, integer, name, string, operator. */
  readonly token: RegExp;
}

/** Builds the patterns for a set of delimiters. */
export function buildRules(settings: SyntaxSettings): LexerRules {
  const blockStart = escapePattern(settings.blockStart);
  const blockEnd = escapePattern(settings.blockEnd);
  const commentEnd = escapePattern(settings.commentEnd);
  const variableEnd = escapePattern(settings.variableEnd);
  const suffix = settings.trimBlocks ? "\\n?" : "";
  const blockEnds = `(?:\\+${blockEnd}|-${blockEnd}${SPACE}*|${blockEnd}${suffix})`;
  return {
    root: new RegExp(rootPattern(settings, blockStart, blockEnd), "g"),
    commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}${SPACE}*|${commentEnd}${suffix}`, "g"),
    rawEnd: new RegExp(`${blockStart}(?<sign>-|\\+|)${SPACE}*endraw${SPACE}*${blockEnds}`, "g"),
    blockEnd: new RegExp(blockEnds, "y"),
    variableEnd: new RegExp(`-${variableEnd}${SPACE}*|${variableEnd}`, "y"),
    lineEnd: new RegExp(`${SPACE}*(?:\\n|(?=\\n)|$)`, "y"),
    plain: /[ \n]+|([A-Za-z_]\w*)(?![\w\u0080-\uffff])/y,
    token: new RegExp(`(${SPACE}+)|${NUMBER}|${NAME}|${STRING}|${OPERATOR}`, "iuy"),
  };
}

function rootPattern(settings: SyntaxSettings, blockStart: string, blockEnd: string): string {
  const raw = `(?<raw>${blockStart}(?<rawSign>-|\\+|)${SPACE}*raw${SPACE}*(?:-${blockEnd}${SPACE}*|${blockEnd}))`;
  const tags = [
    { length: settings.commentStart.length, name: "comment", pattern: escapePattern(settings.commentStart) },
    { length: settings.blockStart.length, name: "block", pattern: blockStart },
    {
      length: settings.variableStart.length,
      name: "variable",
      pattern: escapePattern(settings.variableStart),
    },
    ...lineTags(settings),
  ];
  // The longest delimiter wins, so that `<%=` is seen before `<%`; then the name decides, as in Jinja2.
  const order = ["variable", "lineStatement", "lineComment", "comment", "block"];
  tags.sort((a, b) => b.length - a.length || order.indexOf(a.name) - order.indexOf(b.name));
  const alternatives = tags.map(({ name, pattern }) => `(?<${name}>${pattern}(?<${name}Sign>-|\\+|))`);
  return [raw, ...alternatives].join("|");
}

function lineTags({
  lineStatementPrefix,
  lineCommentPrefix,
}: SyntaxSettings): { length: number; name: string; pattern: string }[] {
  const tags = [];
  if (lineStatementPrefix !== undefined) {
    const pattern = `(?:^|(?<=\\n))[ \\t\\v]*${escapePattern(lineStatementPrefix)}`;
    tags.push({ length: lineStatementPrefix.length, name: "lineStatement", pattern });
  }
  if (lineCommentPrefix !== undefined) {
    const blank = `[${SPACE_CLASS.replace("\\t-\\r", "\\t\\v\\f")}]`;
    const pattern = `(?:(?:^|(?<=\\n))|(?<=[^${SPACE_CLASS}]))${blank}*${escapePattern(lineCommentPrefix)}`;
    tags.push({ length: lineCommentPrefix.length, name: "lineComment", pattern });
  }
  return tags;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
