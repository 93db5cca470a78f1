import type { SyntaxSettings } from "./settings.ts";
import { SPACE_CLASS } from "./white-space.ts";

const SPACE = `[${SPACE_CLASS}]`;

/** What a delimiter starts. */
export type TagKind = "variable" | "block" | "comment" | "lineStatement" | "lineComment";

/** The patterns that the lexer uses for one set of delimiters. */
export interface LexerRules {
  /** Finds the next delimiter in text; it has a group for each of the {@link kinds}. */
  readonly start: RegExp;
  /** What the groups of {@link start} stand for. */
  readonly kinds: readonly TagKind[];
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
  const starts = startPatterns(settings);
  return {
    start: new RegExp(starts.map(({ pattern }) => `(${pattern})`).join("|"), "g"),
    kinds: starts.map(({ kind }) => kind),
    raw: new RegExp(`${blockStart}(-|\\+|)${SPACE}*raw${SPACE}*(?:-${blockEnd}${SPACE}*|${blockEnd})`, "y"),
    rawEnd: new RegExp(`${blockStart}(-|\\+|)${SPACE}*endraw${SPACE}*${blockEnds}`, "g"),
    commentEnd: new RegExp(`\\+${commentEnd}|-${commentEnd}${SPACE}*|${commentEnd}${suffix}`, "g"),
    blockEnd: new RegExp(blockEnds, "y"),
    variableEnd: new RegExp(`-${variableEnd}${SPACE}*|${variableEnd}`, "y"),
    lineEnd: new RegExp(`${SPACE}*(?:\\n|(?=\\n)|$)`, "y"),
  };
}

interface StartPattern {
  readonly kind: TagKind;
  readonly pattern: string;
  readonly length: number;
}

// The longest delimiter wins, so that `<%=` is seen before `<%`; then the name decides, as in Jinja2.
const ORDER: readonly TagKind[] = ["variable", "lineStatement", "lineComment", "comment", "block"];

function startPatterns(settings: SyntaxSettings): StartPattern[] {
  const { blockStart, commentStart, lineCommentPrefix, lineStatementPrefix, variableStart } = settings;
  const patterns = [
    startPattern("comment", commentStart),
    startPattern("block", blockStart),
    startPattern("variable", variableStart),
  ];
  if (lineStatementPrefix !== undefined) {
    patterns.push(startPattern("lineStatement", lineStatementPrefix, "(?:^|(?<=\\n))[ \\t\\v]*"));
  }
  if (lineCommentPrefix !== undefined) {
    const blank = `[${SPACE_CLASS.replace("\\t-\\r", "\\t\\v\\f")}]`;
    const before = `(?:(?:^|(?<=\\n))|(?<=[^${SPACE_CLASS}]))${blank}*`;
    patterns.push(startPattern("lineComment", lineCommentPrefix, before));
  }
  return patterns.toSorted((a, b) => b.length - a.length || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

function startPattern(kind: TagKind, delimiter: string, before = ""): StartPattern {
  return { kind, pattern: `${before}${escapePattern(delimiter)}`, length: delimiter.length };
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
