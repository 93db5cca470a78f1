import type { TemplateSyntaxError } from "../errors.ts";
import type { Value } from "../values/value.ts";

/** Kinds of tokens that are not operators. */
export type TokenType =
  | "data"
  | "variable_begin"
  | "variable_end"
  | "block_begin"
  | "block_end"
  | "name"
  | "string"
  | "integer"
  | "float"
  | "eof"
  | "error"
  | OperatorName;

/** A token of a template. */
export interface Token {
  readonly type: TokenType;
  /** Text of names, strings, operators and data. */
  readonly text: string;
  /** The number, for `integer` and `float`. */
  readonly number?: Value;
  /** Thrown when the parser gets here; the lexer reads ahead. */
  readonly error?: TemplateSyntaxError;
  /** Line, from 1. */
  readonly line: number;
  /** Offset in the source. */
  readonly offset: number;
}

const OPERATORS = {
  "//": "floordiv",
  "**": "pow",
  "==": "eq",
  "!=": "ne",
  ">=": "gteq",
  "<=": "lteq",
  "+": "add",
  "-": "sub",
  "/": "div",
  "*": "mul",
  "%": "mod",
  "~": "tilde",
  "[": "lbracket",
  "]": "rbracket",
  "(": "lparen",
  ")": "rparen",
  "{": "lbrace",
  "}": "rbrace",
  ">": "gt",
  "<": "lt",
  "=": "assign",
  ".": "dot",
  ":": "colon",
  "|": "pipe",
  ",": "comma",
  ";": "semicolon",
} as const;

/** Name of an operator. */
export type OperatorName = (typeof OPERATORS)[keyof typeof OPERATORS];

/** The name of the operator that is written as `text`; undefined when it is none. */
export function operatorName(text: string): OperatorName | undefined {
  return Object.hasOwn(OPERATORS, text) ? OPERATORS[text as keyof typeof OPERATORS] : undefined;
}

const DESCRIPTIONS: Readonly<Partial<Record<TokenType, string>>> = {
  ...Object.fromEntries(Object.entries(OPERATORS).map(([text, name]) => [name, text])),
  block_begin: "begin of statement block",
  block_end: "end of statement block",
  variable_begin: "begin of print statement",
  variable_end: "end of print statement",
  data: "template data / text",
  eof: "end of template",
};

/** How a message names a kind of token. */
export function describeType(type: TokenType): string {
  return DESCRIPTIONS[type] ?? type;
}

/** How a message names a token. */
export function describeToken(token: Token): string {
  return token.type === "name" ? token.text : describeType(token.type);
}
