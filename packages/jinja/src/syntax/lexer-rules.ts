import type { SyntaxSettings } from "./settings.ts";
import { SPACE_CLASS } from "./white-space.ts";

const SPACE = `[${SPACE_CLASS}]`;

/** What a delimiter starts. */
export type TagKind = "variable" | "block" | "comment" | "lineStatement" | "lineComment";

/** A start delimiter. */
export interface TagStart {
  readonly kind: TagKind;
  readonly delimiter: string;
  /** Finds the delimiter together with what belongs before it. */
  readonly pattern?: RegExp;
}

/** The patterns that the lexer uses for one set of delimiters. */
export interface LexerRules {
  /** Start delimiters; where two begin at one place, the first of them counts. */
  readonly starts: readonly TagStart[];
  /** Matches a whole `raw` tag; its group is the sign. */
  readonly raw: RegExp;
  /** Finds `endraw`; its group is the sign. */
  readonly rawEnd: RegExp;
  /** Finds the end of a comment. */
  readonly commentEnd: RegExp;
  /** Matches the end of a block. */
  readonly blockEnd: RegExp;
  /** Matches the end of an output. */
  readonly variableEnd: RegExp;
  /** Matches the end of a line statement. */
  readonly lineEnd: RegExp;
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
    starts: tagStarts(settings),
    raw: new RegExp(`${blockStart}(-|\\+|)${SPACE}*raw${SPACE}*(?:-${blockEnd}${SPACE}*|${blockEnd})`, "y"),
    rawEnd: new RegExp(`${blockStart}(-|\\+|)${SPACE}*endraw${SPACE}*${blockEnds}`, "g"),
    commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}${SPACE}*|${commentEnd}${suffix}`, "g"),
    blockEnd: new RegExp(blockEnds, "y"),
    variableEnd: new RegExp(`-${variableEnd}${SPACE}*|${variableEnd}`, "y"),
    lineEnd: new RegExp(`${SPACE}*(?:\\n|(?=\\n)|$)`, "y"),
  };
}

// The longest delimiter wins, so that `<%=` is seen before `<%`; then the name decides, as in Jinja2.
const ORDER: readonly TagKind[] = ["variable", "lineStatement", "lineComment", "comment", "block"];

function tagStarts(settings: SyntaxSettings): TagStart[] {
  const { blockStart, commentStart, lineCommentPrefix, lineStatementPrefix, variableStart } = settings;
  const starts: TagStart[] = [
    { kind: "comment", delimiter: commentStart },
    { kind: "block", delimiter: blockStart },
    { kind: "variable", delimiter: variableStart },
  ];
  if (lineStatementPrefix !== undefined) {
    starts.push(prefixStart("lineStatement", lineStatementPrefix, "(?:^|(?<=\\n))[ \\t\\v]*"));
  }
  if (lineCommentPrefix !== undefined) {
    const blank = `[${SPACE_CLASS.replace("\\t-\\r", "\\t\\v\\f")}]`;
    const before = `(?:(?:^|(?<=\\n))|(?<=[^${SPACE_CLASS}]))${blank}*`;
    starts.push(prefixStart("lineComment", lineCommentPrefix, before));
  }
  return starts.toSorted(
    (a, b) => b.delimiter.length - a.delimiter.length || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind),
  );
}

function prefixStart(kind: TagKind, delimiter: string, before: string): TagStart {
  return { kind, delimiter, pattern: new RegExp(`${before}${escapePattern(delimiter)}`, "g") };
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
