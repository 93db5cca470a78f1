import { TemplateSyntaxError } from "../errors.ts";
import { reprOf } from "../values/repr.ts";
import { describeToken, describeType, type Token, type TokenType } from "./token.ts";

/** A syntax error together with its place. */
export class SyntaxErrorAt extends Error {
  readonly error: TemplateSyntaxError;
  readonly line: number;
  readonly offset: number;

  constructor(error: TemplateSyntaxError, line: number, offset: number) {
    super(error.detail);
    this.error = error;
    this.line = line;
    this.offset = offset;
  }
}

/** Walks over tokens for the parser. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #index = -1;
  /** The token that is looked at. */
  current: Token = { type: "eof", text: "", line: 1, offset: 0 };

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.next();
  }

  /** Goes to the next token and returns the one before. */
  next(): Token {
    const passed = this.current;
    const token = this.#at(this.#index + 1);
    if (this.#index + 1 < this.#tokens.length) this.#index++;
    this.current = token;
    return passed;
  }

  /** The token after the current one. */
  look(): Token {
    return this.#at(this.#index + 1);
  }

  /** Whether the current token is of this type. */
  is(type: TokenType): boolean {
    return this.current.type === type;
  }

  /** Whether the current token is the keyword `name`. */
  isName(name: string): boolean {
    return this.current.type === "name" && this.current.text === name;
  }

  /** Whether the current token is one of these keywords. */
  isOneOf(names: readonly string[]): boolean {
    return this.current.type === "name" && names.includes(this.current.text);
  }

  /** Whether the next token is the keyword `name`. */
  nextIsName(name: string): boolean {
    const token = this.look();
    return token.type === "name" && token.text === name;
  }

  /** Passes the keyword `name` if it is there. */
  skipName(name: string): boolean {
    if (!this.isName(name)) return false;
    this.next();
    return true;
  }

  /** Passes a token of this type if it is there. */
  skip(type: TokenType): boolean {
    if (this.current.type !== type) return false;
    this.next();
    return true;
  }

  /** Passes a token that must be there. */
  expect(type: TokenType): Token {
    if (this.current.type !== type) throw this.#unexpected(describeType(type));
    return this.next();
  }

  /** Passes a keyword that must be there. */
  expectName(name: string): Token {
    if (!this.isName(name)) throw this.#unexpected(name);
    return this.next();
  }

  /** An error at a token, by default the current one. */
  fail(
    message: string,
    at: { readonly line: number; readonly offset: number } = this.current,
    kind: "TemplateSyntaxError" | "TemplateAssertionError" = "TemplateSyntaxError",
  ): SyntaxErrorAt {
    return new SyntaxErrorAt(new TemplateSyntaxError(message, kind), at.line, at.offset);
  }

  #unexpected(expected: string): SyntaxErrorAt {
    if (this.current.type === "eof")
      return this.fail(`unexpected end of template, expected ${reprOf(expected)}.`);
    return this.fail(`expected token ${reprOf(expected)}, got ${reprOf(describeToken(this.current))}`);
  }

  #at(index: number): Token {
    const token = this.#tokens[index] ?? this.#end();
    if (token.error !== undefined) throw new SyntaxErrorAt(token.error, token.line, token.offset);
    return token;
  }

  #end(): Token {
    // Python reports the end of the template at the line of the last token.
    const last = this.#tokens[this.#tokens.length - 1];
    return { type: "eof", text: "", line: last?.line ?? 1, offset: last?.offset ?? 0 };
  }
}
