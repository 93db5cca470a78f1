import { TemplateSyntaxError } from "../errors.ts";
import type { LexerRules, TagKind } from "./lexer-rules.ts";
import type { SyntaxSettings } from "./settings.ts";
import { SourceCursor } from "./source-cursor.ts";
import { StartFinder } from "./start-finder.ts";
import { TagLexer } from "./tag-lexer.ts";
import type { Token } from "./token.ts";
import { trimEnd, trimIndent } from "./white-space.ts";

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
  readonly #starts: StartFinder;
  readonly #inside: TagLexer;

  constructor(source: string, settings: SyntaxSettings, rules: LexerRules) {
    this.#cursor = new SourceCursor(source, settings);
    this.#rules = rules;
    this.#starts = new StartFinder(source, rules.starts);
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
    const start = this.#starts;
    if (!start.find(cursor.offset)) {
      cursor.pushData(cursor.source.slice(cursor.offset));
      return cursor.advance(cursor.source.length);
    }
    const raw = this.#matchRaw(start.index);
    if (raw !== null) {
      this.#readTextBefore(raw.index, raw[1] ?? "", true);
      cursor.advance(raw.index + raw[0].length);
      return this.#readRaw();
    }
    const { end, index, kind } = start;
    const sign = signAt(cursor.source, end);
    this.#readTextBefore(index, sign, kind !== "variable");
    this.#readTag(kind, end + sign.length);
  }

  #matchRaw(offset: number): RegExpExecArray | null {
    const { raw } = this.#rules;
    const { settings, source } = this.#cursor;
    if (!source.startsWith(settings.blockStart, offset)) return null;
    raw.lastIndex = offset;
    return raw.exec(source);
  }

  #readTag(kind: TagKind, end: number): void {
    const cursor = this.#cursor;
    if (kind === "comment" || kind === "lineComment") {
      cursor.advance(end);
      return kind === "comment" ? this.#readComment() : this.#readLineComment();
    }
    cursor.push(kind === "variable" ? "variable_begin" : "block_begin", "");
    cursor.advance(end);
    this.#inside.read(kind);
  }

  /** Takes the text up to a tag, without the white space that the tag strips. */
  #readTextBefore(end: number, sign: string, mayStripLine: boolean): void {
    const cursor = this.#cursor;
    const text = cursor.source.slice(cursor.offset, end);
    if (sign === "-") cursor.pushData(trimEnd(text));
    else if (sign !== "+" && cursor.settings.lstripBlocks && mayStripLine)
      cursor.pushData(this.#withoutIndent(text));
    else cursor.pushData(text);
    cursor.advance(end);
  }

  #withoutIndent(text: string): string {
    const lineStart = text.lastIndexOf("\n") + 1;
    return lineStart === 0 && !this.#cursor.isAtLineStart ? text : trimIndent(text, lineStart);
  }

  #readRaw(): void {
    const match = this.#cursor.match(this.#rules.rawEnd);
    if (match === null) return this.#skipToEnd("Missing end of raw directive");
    this.#readTextBefore(match.index, match[1] ?? "", true);
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

/** The sign after a start delimiter, which rules the white space before it. */
function signAt(source: string, offset: number): string {
  const sign = source.charAt(offset);
  return sign === "-" || sign === "+" ? sign : "";
}
