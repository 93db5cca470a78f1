import { TemplateSyntaxError } from "../errors.ts";
import { SPACE_CLASS, type LexerRules } from "./lexer-rules.ts";
import type { SyntaxSettings } from "./settings.ts";
import { SourceCursor } from "./source-cursor.ts";
import { TagLexer } from "./tag-lexer.ts";
import type { Token } from "./token.ts";

const TRAILING_SPACE = new RegExp(`[${SPACE_CLASS}]+$`);
const ONLY_SPACE = new RegExp(`^[${SPACE_CLASS}]+$`);

/**
 * Brings line ends to `\n` and drops the last one, unless it is to be kept.
 */
export function normalizeSource(source: string, settings: SyntaxSettings): string {
  const normalized = source.includes("\r") ? source.replace(/\r\n?/g, "\n") : source;
  return !settings.keepTrailingNewline && normalized.endsWith("\n") ? normalized.slice(0, -1) : normalized;
}

/**
 * Splits a template into tokens.
 *
 * @param source - as {@link normalizeSource} returns it.
 * @returns tokens; the last one may be an `error`, because an earlier mistake that only the parser sees
 *   comes first.
 */
export function tokenize(source: string, settings: SyntaxSettings, rules: LexerRules): Token[] {
  return new Lexer(source, settings, rules).run();
}

class Lexer {
  readonly #cursor: SourceCursor;
  readonly #rules: LexerRules;
  readonly #inside: TagLexer;

  constructor(source: string, settings: SyntaxSettings, rules: LexerRules) {
    this.#cursor = new SourceCursor(source, settings);
    this.#rules = rules;
    this.#inside = new TagLexer(this.#cursor, rules);
  }

  run(): Token[] {
    const cursor = this.#cursor;
    try {
      while (!cursor.isAtEnd) this.#readText();
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      cursor.tokens.push({ type: "error", text: "", error, line: cursor.line, offset: cursor.offset });
    }
    return cursor.tokens;
  }

  #readText(): void {
    const cursor = this.#cursor;
    const match = cursor.match(this.#rules.root);
    if (match === null) {
      cursor.pushData(cursor.source.slice(cursor.offset));
      cursor.advance(cursor.source.length);
      return;
    }
    const groups = match.groups ?? {};
    const kind = ["raw", "variable", "block", "comment", "lineStatement", "lineComment"].find(
      (name) => groups[name] !== undefined,
    );
    this.#readTextBefore(match.index, groups[`${kind}Sign`] ?? "", kind !== "variable");
    const begin = cursor.offset;
    cursor.advance(match.index + match[0].length, match[0]);
    this.#readTag(kind ?? "", begin);
  }

  #readTag(kind: string, begin: number): void {
    if (kind === "raw") return this.#readRaw();
    if (kind === "comment") return this.#readComment();
    if (kind === "lineComment") return this.#readLineComment();
    this.#cursor.pushFrom(begin, kind === "variable" ? "variable_begin" : "block_begin");
    return this.#inside.read(kind === "variable" || kind === "block" ? kind : "lineStatement");
  }

  /** Takes the text up to a tag, without the white space that the tag strips. */
  #readTextBefore(end: number, sign: string, mayStripLine: boolean): void {
    const cursor = this.#cursor;
    const text = cursor.source.slice(cursor.offset, end);
    if (sign === "-") cursor.pushData(text.replace(TRAILING_SPACE, ""));
    else if (sign !== "+" && cursor.settings.lstripBlocks && mayStripLine)
      cursor.pushData(this.#withoutIndent(text));
    else cursor.pushData(text);
    cursor.advance(end, text);
  }

  #withoutIndent(text: string): string {
    const lineStart = text.lastIndexOf("\n") + 1;
    if (lineStart === 0 && !this.#cursor.isAtLineStart) return text;
    return ONLY_SPACE.test(text.slice(lineStart)) ? text.slice(0, lineStart) : text;
  }

  #readRaw(): void {
    const match = this.#cursor.match(this.#rules.rawEnd);
    if (match === null) return this.#skipToEnd("Missing end of raw directive");
    this.#readTextBefore(match.index, match.groups?.["sign"] ?? "", true);
    this.#cursor.advance(match.index + match[0].length);
  }

  #readComment(): void {
    const match = this.#cursor.match(this.#rules.commentEnd);
    if (match === null) return this.#skipToEnd("Missing end of comment tag");
    this.#cursor.advance(match.index + match[0].length);
  }

  // As in Jinja2, a tag that nothing follows need not be closed.
  #skipToEnd(message: string): void {
    if (!this.#cursor.isAtEnd) throw new TemplateSyntaxError(message);
  }

  #readLineComment(): void {
    const { offset, source } = this.#cursor;
    const end = source.indexOf("\n", offset);
    this.#cursor.advance(end < 0 ? source.length : end);
  }
}
