import { TemplateSyntaxError } from "../errors.ts";
import { PyFloat } from "../values/float.ts";
import { toInteger } from "../values/integers.ts";
import { reprOf } from "../values/repr.ts";
import { SPACE_CLASS, type LexerRules } from "./lexer-rules.ts";
import type { SyntaxSettings } from "./settings.ts";
import { unescapeString } from "./string-literal.ts";
import { operatorName, type Token, type TokenType } from "./token.ts";

const IDENTIFIER = /^[\p{XID_Start}_][\p{XID_Continue}]*$/u;
const ASCII_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const TRAILING_SPACE = new RegExp(`[${SPACE_CLASS}]+$`);
const ONLY_SPACE = new RegExp(`^[${SPACE_CLASS}]+$`);
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** The tag that the lexer is in. */
type Tag = "block" | "variable" | "lineStatement";

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
  readonly #source: string;
  readonly #settings: SyntaxSettings;
  readonly #rules: LexerRules;
  readonly #tokens: Token[] = [];
  readonly #brackets: string[] = [];
  #offset = 0;
  #line = 1;
  #isAtLineStart = true;

  constructor(source: string, settings: SyntaxSettings, rules: LexerRules) {
    this.#source = source;
    this.#settings = settings;
    this.#rules = rules;
  }

  run(): Token[] {
    try {
      while (this.#offset < this.#source.length) this.#readText();
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      this.#tokens.push({ type: "error", text: "", error, line: this.#line, offset: this.#offset });
    }
    return this.#tokens;
  }

  #readText(): void {
    const { root } = this.#rules;
    root.lastIndex = this.#offset;
    const match = root.exec(this.#source);
    if (match === null) {
      this.#pushData(this.#source.slice(this.#offset));
      this.#advance(this.#source.length);
      return;
    }
    const groups = match.groups ?? {};
    const kind = ["raw", "variable", "block", "comment", "lineStatement", "lineComment"].find(
      (name) => groups[name] !== undefined,
    );
    this.#readTextBefore(match.index, groups[`${kind}Sign`] ?? "", kind !== "variable");
    const begin = this.#offset;
    this.#advance(match.index + match[0].length);
    this.#readTag(kind ?? "", begin);
  }

  #readTag(kind: string, begin: number): void {
    if (kind === "raw") return this.#readRaw();
    if (kind === "comment") return this.#readComment();
    if (kind === "lineComment") return this.#readLineComment();
    const type = kind === "variable" ? "variable_begin" : "block_begin";
    this.#tokens.push({ type, text: "", line: this.#lineOf(begin), offset: begin });
    return this.#readInside(kind === "variable" || kind === "block" ? kind : "lineStatement");
  }

  /** Takes the text up to a tag, without the white space that the tag strips. */
  #readTextBefore(end: number, sign: string, mayStripLine: boolean): void {
    const text = this.#source.slice(this.#offset, end);
    let kept = text;
    if (sign === "-") kept = text.replace(TRAILING_SPACE, "");
    else if (sign !== "+" && this.#settings.lstripBlocks && mayStripLine) kept = this.#withoutIndent(text);
    this.#pushData(kept);
    this.#line += countLines(text);
    this.#offset = end;
  }

  #withoutIndent(text: string): string {
    const lineStart = text.lastIndexOf("\n") + 1;
    if (lineStart === 0 && !this.#isAtLineStart) return text;
    return ONLY_SPACE.test(text.slice(lineStart)) ? text.slice(0, lineStart) : text;
  }

  #readRaw(): void {
    const { rawEnd } = this.#rules;
    rawEnd.lastIndex = this.#offset;
    const match = rawEnd.exec(this.#source);
    if (match === null) return this.#skipToEnd("Missing end of raw directive");
    this.#readTextBefore(match.index, match.groups?.["sign"] ?? "", true);
    this.#advance(match.index + match[0].length);
  }

  #readComment(): void {
    const { commentEnd } = this.#rules;
    commentEnd.lastIndex = this.#offset;
    const match = commentEnd.exec(this.#source);
    if (match === null) return this.#skipToEnd("Missing end of comment tag");
    this.#advance(match.index + match[0].length);
  }

  // As in Jinja2, a tag that nothing follows need not be closed.
  #skipToEnd(message: string): void {
    if (this.#offset < this.#source.length) throw this.#fail(message);
  }

  #readLineComment(): void {
    const end = this.#source.indexOf("\n", this.#offset);
    this.#advance(end < 0 ? this.#source.length : end);
  }

  #readInside(tag: Tag): void {
    this.#brackets.length = 0;
    while (!this.#readEnd(tag)) {
      if (this.#offset >= this.#source.length) return;
      this.#readToken();
    }
  }

  #readEnd(tag: Tag): boolean {
    if (this.#brackets.length > 0) return false;
    const { blockEnd, variableEnd, lineEnd } = this.#rules;
    const pattern = { block: blockEnd, variable: variableEnd, lineStatement: lineEnd }[tag];
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#source);
    if (match === null) return false;
    this.#push(tag === "variable" ? "variable_end" : "block_end", "");
    this.#advance(this.#offset + match[0].length);
    return true;
  }

  #readToken(): void {
    const { plain, token } = this.#rules;
    plain.lastIndex = this.#offset;
    const simple = plain.exec(this.#source);
    if (simple !== null) {
      const [text, name] = simple;
      if (name !== undefined) this.#push("name", name);
      return this.#advance(this.#offset + text.length);
    }
    token.lastIndex = this.#offset;
    const match = token.exec(this.#source);
    if (match === null) throw this.#unexpectedCharacter();
    const [text, space, float, integer, name, string, operator] = match;
    if (operator !== undefined) this.#readOperator(operator);
    else if (name !== undefined) this.#readName(name);
    else if (string !== undefined) this.#readString(string);
    else if (integer !== undefined)
      this.#pushNumber("integer", toInteger(BigInt(integer.replaceAll("_", ""))), text);
    else if (float !== undefined)
      this.#pushNumber("float", new PyFloat(Number(float.replaceAll("_", ""))), text);
    else if (space === undefined) throw this.#unexpectedCharacter();
    this.#advance(this.#offset + text.length);
  }

  #readOperator(operator: string): void {
    const closing = CLOSING[operator];
    if (closing !== undefined) this.#brackets.push(closing);
    else if (operator === "}" || operator === ")" || operator === "]") this.#closeBracket(operator);
    this.#push(operatorName(operator), operator);
  }

  #closeBracket(operator: string): void {
    const expected = this.#brackets.pop();
    if (expected === undefined) throw this.#fail(`unexpected '${operator}'`);
    if (expected !== operator) throw this.#fail(`unexpected '${operator}', expected '${expected}'`);
  }

  #readName(name: string): void {
    if (!ASCII_IDENTIFIER.test(name) && !IDENTIFIER.test(name))
      throw this.#fail("Invalid character in identifier");
    this.#push("name", name);
  }

  #readString(literal: string): void {
    const body = literal.slice(1, -1);
    const normalized = this.#settings.newlineSequence === "\n" ? body : this.#withNewlines(body);
    this.#push("string", unescapeString(normalized));
  }

  #pushData(text: string): void {
    if (text !== "")
      this.#push("data", this.#settings.newlineSequence === "\n" ? text : this.#withNewlines(text));
  }

  #withNewlines(text: string): string {
    return text.replaceAll("\n", this.#settings.newlineSequence);
  }

  #pushNumber(type: "integer" | "float", number: number | bigint | PyFloat, text: string): void {
    this.#tokens.push({ type, text, number, line: this.#line, offset: this.#offset });
  }

  #push(type: TokenType, text: string): void {
    this.#tokens.push({ type, text, line: this.#line, offset: this.#offset });
  }

  #advance(end: number): void {
    const passed = this.#source.slice(this.#offset, end);
    this.#line += countLines(passed);
    this.#isAtLineStart = passed.endsWith("\n");
    this.#offset = end;
  }

  #lineOf(offset: number): number {
    return this.#line - countLines(this.#source.slice(offset, this.#offset));
  }

  #unexpectedCharacter(): TemplateSyntaxError {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#offset) ?? 0);
    return this.#fail(`unexpected char ${reprOf(character)} at ${this.#offset}`);
  }

  #fail(message: string): TemplateSyntaxError {
    return new TemplateSyntaxError(message);
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) lines++;
  return lines;
}
