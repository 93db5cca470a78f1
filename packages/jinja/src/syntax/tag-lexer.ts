import { TemplateSyntaxError } from "../errors.ts";
import { lazyPattern } from "../lazy-pattern.ts";
import { PyFloat } from "../values/float.ts";
import { toInteger } from "../values/integers.ts";
import { reprOf } from "../values/repr.ts";
import type { LexerRules } from "./lexer-rules.ts";
import type { SourceCursor } from "./source-cursor.ts";
import { unescapeString } from "./string-literal.ts";
import { operatorName } from "./token.ts";
import { isSpaceCode } from "./white-space.ts";

const IDENTIFIER = lazyPattern(() => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u);
/** A name for Jinja2's lexer, which is more than an identifier. */
const NAME = lazyPattern(
  () => /[\p{L}\p{N}_\p{M}\u00b7\u0387\u1369-\u1371\u203f\u2040\u2054\ufe33\ufe34\ufe4d-\ufe4f\uff3f]+/uy,
);
/** Its groups are a float and an integer. */
const NUMBER =
  /((?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))|(0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*)/iy;
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

const [PLUS, HYPHEN, EQUALS, BACKSLASH] = [43, 45, 61, 92];
const [DOUBLE_QUOTE, SINGLE_QUOTE] = [34, 39];

/** A tag with tokens in it. */
export type Tag = "block" | "variable" | "lineStatement";

/** Reads what is inside of tags, by the first character of each token. */
export class TagLexer {
  readonly #cursor: SourceCursor;
  readonly #rules: LexerRules;
  readonly #brackets: string[] = [];

  constructor(cursor: SourceCursor, rules: LexerRules) {
    this.#cursor = cursor;
    this.#rules = rules;
  }

  /**
   * Reads tokens up to the end of the tag, or of the source.
   *
   * @throws TemplateSyntaxError without a place; it is where the cursor stands.
   */
  read(tag: Tag): void {
    const cursor = this.#cursor;
    const { blockEnd, variableEnd, lineEnd } = this.#rules;
    const end = tag === "variable" ? variableEnd : tag === "block" ? blockEnd : lineEnd;
    this.#brackets.length = 0;
    // An end inside of brackets belongs to the expression.
    while (this.#brackets.length > 0 || !this.#readEnd(tag, end)) {
      if (cursor.isAtEnd) return;
      this.#readToken();
    }
  }

  #readEnd(tag: Tag, pattern: RegExp): boolean {
    const cursor = this.#cursor;
    if (!this.#mayEnd(tag, cursor.code)) return false;
    const end = cursor.endOf(pattern);
    if (end < 0) return false;
    cursor.push(tag === "variable" ? "variable_end" : "block_end", "");
    cursor.advance(end);
    return true;
  }

  #mayEnd(tag: Tag, code: number): boolean {
    if (tag === "lineStatement" || code === HYPHEN || code === PLUS) return true;
    const { blockEnd, variableEnd } = this.#cursor.settings;
    return code === (tag === "block" ? blockEnd : variableEnd).charCodeAt(0);
  }

  #readToken(): void {
    const { code } = this.#cursor;
    if (isNameStart(code)) this.#readName();
    else if (isSpaceCode(code)) this.#skipSpace();
    else if (isDigit(code)) this.#readNumber();
    else if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) this.#readString(code);
    else if (code < 0x80) this.#readOperator(code);
    else this.#readForeignName();
  }

  #readName(): void {
    const cursor = this.#cursor;
    const { offset, source } = cursor;
    let end = offset + 1;
    while (isNameStart(source.charCodeAt(end)) || isDigit(source.charCodeAt(end))) end++;
    if (source.charCodeAt(end) >= 0x80) return this.#readForeignName();
    cursor.push("name", source.slice(offset, end));
    cursor.step(end);
  }

  #skipSpace(): void {
    const cursor = this.#cursor;
    let end = cursor.offset + 1;
    while (isSpaceCode(cursor.source.charCodeAt(end))) end++;
    cursor.advance(end);
  }

  #readNumber(): void {
    const cursor = this.#cursor;
    const match = cursor.match(NUMBER);
    if (match === null) throw this.#unexpectedCharacter();
    const [text, float, integer = ""] = match;
    if (float === undefined)
      cursor.pushNumber("integer", toInteger(BigInt(integer.replaceAll("_", ""))), text);
    else cursor.pushNumber("float", new PyFloat(Number(float.replaceAll("_", ""))), text);
    cursor.step(cursor.offset + text.length);
  }

  #readString(quote: number): void {
    const cursor = this.#cursor;
    const { offset, source } = cursor;
    let end = offset + 1;
    for (let code = source.charCodeAt(end); code !== quote; code = source.charCodeAt(end)) {
      end += code === BACKSLASH ? 2 : 1;
      if (end >= source.length) throw this.#unexpectedCharacter();
    }
    cursor.push("string", unescapeString(cursor.withNewlines(source.slice(offset + 1, end))));
    cursor.advance(end + 1);
  }

  #readOperator(code: number): void {
    const cursor = this.#cursor;
    const { offset, source } = cursor;
    const next = source.charCodeAt(offset + 1);
    const first = source.charAt(offset);
    const isDouble = next === EQUALS ? "=!<>".includes(first) : next === code && "/*".includes(first);
    const operator = isDouble ? source.slice(offset, offset + 2) : first;
    const name = operatorName(operator);
    if (name === undefined) throw this.#unexpectedCharacter();
    const closing = CLOSING[operator];
    if (closing !== undefined) this.#brackets.push(closing);
    else if (operator === "}" || operator === ")" || operator === "]") this.#closeBracket(operator);
    cursor.push(name, operator);
    cursor.step(offset + operator.length);
  }

  #closeBracket(operator: string): void {
    const expected = this.#brackets.pop();
    if (expected === undefined) throw new TemplateSyntaxError(`unexpected '${operator}'`);
    if (expected !== operator)
      throw new TemplateSyntaxError(`unexpected '${operator}', expected '${expected}'`);
  }

  #readForeignName(): void {
    const cursor = this.#cursor;
    const name = cursor.match(NAME())?.[0];
    if (name === undefined) throw this.#unexpectedCharacter();
    if (!IDENTIFIER().test(name)) throw new TemplateSyntaxError("Invalid character in identifier");
    cursor.push("name", name);
    cursor.step(cursor.offset + name.length);
  }

  #unexpectedCharacter(): TemplateSyntaxError {
    const { offset, source } = this.#cursor;
    const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
    return new TemplateSyntaxError(`unexpected char ${reprOf(character)} at ${offset}`);
  }
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
