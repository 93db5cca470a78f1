import { TemplateSyntaxError } from "../errors.ts";
import { PyFloat } from "../values/float.ts";
import { toInteger } from "../values/integers.ts";
import { reprOf } from "../values/repr.ts";
import type { LexerRules } from "./lexer-rules.ts";
import type { SourceCursor } from "./source-cursor.ts";
import { unescapeString } from "./string-literal.ts";
import { operatorName } from "./token.ts";

const IDENTIFIER = /^[\p{XID_Start}_][\p{XID_Continue}]*$/u;
const ASCII_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const CLOSING: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** A tag with tokens in it. */
export type Tag = "block" | "variable" | "lineStatement";

/** Reads what is inside of tags. */
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
    this.#brackets.length = 0;
    while (!this.#readEnd(tag)) {
      if (this.#cursor.isAtEnd) return;
      this.#readToken();
    }
  }

  // An end inside of brackets belongs to the expression.
  #readEnd(tag: Tag): boolean {
    if (this.#brackets.length > 0) return false;
    const { blockEnd, variableEnd, lineEnd } = this.#rules;
    const cursor = this.#cursor;
    const match = cursor.match({ block: blockEnd, variable: variableEnd, lineStatement: lineEnd }[tag]);
    if (match === null) return false;
    cursor.push(tag === "variable" ? "variable_end" : "block_end", "");
    cursor.advance(cursor.offset + match[0].length);
    return true;
  }

  #readToken(): void {
    const cursor = this.#cursor;
    const simple = cursor.match(this.#rules.plain);
    if (simple !== null) {
      const [text, name] = simple;
      if (name !== undefined) cursor.push("name", name);
      return cursor.advance(cursor.offset + text.length, text);
    }
    const match = cursor.match(this.#rules.token);
    if (match === null) throw this.#unexpectedCharacter();
    const [text, space, float, integer, name, string, operator] = match;
    if (operator !== undefined) this.#readOperator(operator);
    else if (name !== undefined) this.#readName(name);
    else if (string !== undefined)
      cursor.push("string", unescapeString(cursor.withNewlines(string.slice(1, -1))));
    else if (integer !== undefined)
      cursor.pushNumber("integer", toInteger(BigInt(integer.replaceAll("_", ""))), text);
    else if (float !== undefined)
      cursor.pushNumber("float", new PyFloat(Number(float.replaceAll("_", ""))), text);
    else if (space === undefined) throw this.#unexpectedCharacter();
    cursor.advance(cursor.offset + text.length, text);
  }

  #readOperator(operator: string): void {
    const closing = CLOSING[operator];
    if (closing !== undefined) this.#brackets.push(closing);
    else if (operator === "}" || operator === ")" || operator === "]") this.#closeBracket(operator);
    this.#cursor.push(operatorName(operator), operator);
  }

  #closeBracket(operator: string): void {
    const expected = this.#brackets.pop();
    if (expected === undefined) throw new TemplateSyntaxError(`unexpected '${operator}'`);
    if (expected !== operator)
      throw new TemplateSyntaxError(`unexpected '${operator}', expected '${expected}'`);
  }

  #readName(name: string): void {
    if (!ASCII_IDENTIFIER.test(name) && !IDENTIFIER.test(name))
      throw new TemplateSyntaxError("Invalid character in identifier");
    this.#cursor.push("name", name);
  }

  #unexpectedCharacter(): TemplateSyntaxError {
    const { offset, source } = this.#cursor;
    const character = String.fromCodePoint(source.codePointAt(offset) ?? 0);
    return new TemplateSyntaxError(`unexpected char ${reprOf(character)} at ${offset}`);
  }
}
