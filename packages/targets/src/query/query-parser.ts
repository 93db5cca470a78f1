import { TextCursor } from "../text-cursor.ts";
import type { HostBackend } from "./backend.ts";
import { readBareHosts } from "./bare-hosts.ts";
import { OPERATORS, type QueryLeaf, type QueryNode, type QueryStep } from "./query-node.ts";
import { warnOfMixedOperators } from "./query-reading.ts";

/** What the parser needs to know. */
export interface ParseQueryOptions {
  readonly backends: readonly HostBackend[];
  /** What the text is, such as `aliases.yaml:3`; absent when the user has just typed it. */
  readonly source?: string | undefined;
  /** Receives what is legal and yet easily misread. */
  readonly warnings: string[];
}

/** Deeper nesting than anybody writes, and far from what overflows the stack. */
const MAX_DEPTH = 100;

interface Parser {
  readonly cursor: TextCursor;
  readonly options: ParseQueryOptions;
  readonly depth: number;
  /** Whether a word is in front of the operand: then names with operators between them are one operand. */
  readonly isWord: boolean;
}

/**
 * Reads a query: host sets, `@group`, `A:alias` and `X{…}` joined by `and`, `or`, `xor`, `not`, the operators of
 * host sets and parentheses.
 *
 * @throws {ExpressionError} `QUERY_SYNTAX`, with the column
 */
export function parseQuery(text: string, options: ParseQueryOptions): QueryNode {
  const cursor = new TextCursor(text, { code: "QUERY_SYNTAX", source: options.source });
  return readWhole({ cursor, options, depth: 0, isWord: true });
}

/** Reads up to the end of what the cursor may read. */
function readWhole(parser: Parser): QueryNode {
  const node = readChain(parser);
  const found = parser.cursor.peek();
  if (found === ")") throw parser.cursor.error("There is no parenthesis to close");
  if (found !== "") throw parser.cursor.error("An operator such as and, or, and not is missing here");
  return node;
}

function readChain(parser: Parser): QueryNode {
  const { cursor } = parser;
  cursor.skipBlanks();
  const at = cursor.at;
  const first = readOperand({ ...parser, isWord: true });
  const rest: QueryStep[] = [];
  let end = cursor.at;
  for (;;) {
    cursor.skipBlanks();
    const text = readOperator(cursor);
    const operator = text === undefined ? undefined : OPERATORS[text];
    if (text === undefined || operator === undefined) break;
    rest.push({ operator, text, operand: readOperand({ ...parser, isWord: /[a-z]/.test(text) }) });
    end = cursor.at;
  }
  if (rest.length === 0) return first;
  const chain = { kind: "chain", first, rest, at, text: cursor.text.slice(at, end) } as const;
  warnOfMixedOperators(chain, parser.options.warnings);
  return chain;
}

function readOperator(cursor: TextCursor): string | undefined {
  const found = cursor.match(/[,!&^]|(?:and|or|xor)(?![\p{L}0-9._*?[-])/iuy);
  return found === "" ? undefined : found.toLowerCase();
}

function readOperand(parser: Parser): QueryNode {
  const { cursor } = parser;
  cursor.skipBlanks();
  const at = cursor.at;
  if (parser.depth > MAX_DEPTH) throw cursor.error(`A query nests at most ${MAX_DEPTH} deep`);
  const deeper = { ...parser, depth: parser.depth + 1 };
  if (cursor.match(/not(?![\p{L}0-9._*?[-])/iuy) !== "") {
    const operand = readOperand({ ...deeper, isWord: true });
    return { kind: "not", operand, at, text: cursor.text.slice(at, cursor.at) };
  }
  if (cursor.take("(")) return readParenthesis(deeper, at);
  const word = cursor.match(/(?:and|or|xor)(?![\p{L}0-9._*?[-])/iuy);
  if (word !== "") throw cursor.error(`A host is missing before ${JSON.stringify(word)}`, { at });
  return readNamed(cursor, at) ?? readBackend(deeper, at) ?? readBareHosts(cursor, parser.isWord);
}

function readParenthesis(parser: Parser, at: number): QueryNode {
  const { cursor } = parser;
  const node = readChain(parser);
  cursor.skipBlanks();
  if (cursor.take(")")) return { ...node, text: cursor.text.slice(at, cursor.at) };
  if (cursor.peek() === "") throw cursor.error("The parenthesis is not closed", { at });
  throw cursor.error("An operator such as and, or, and not is missing here");
}

function readNamed(cursor: TextCursor, at: number): QueryLeaf | undefined {
  const sign = cursor.match(/a:|@/iy);
  if (sign === "") return undefined;
  const isGroup = sign === "@";
  const name = cursor.match(isGroup ? /[\p{L}0-9_.+*?-]+/uy : /[\p{L}0-9_.+-]+/uy);
  if (name === "") throw cursor.error(`A name is missing behind ${sign}`);
  if (isGroup && cursor.peek() === ":") {
    throw cursor.error("Groups have no sources here", { at, hint: "Write @group, or X{…} for a backend." });
  }
  return { kind: isGroup ? "group" : "alias", name, at, text: cursor.text.slice(at, cursor.at) };
}

function readBackend(parser: Parser, at: number): QueryNode | undefined {
  const { cursor, options } = parser;
  const prefix = /^[a-z][a-z0-9]*/i.exec(cursor.match(/[a-z][a-z0-9]*\s*\{/iy))?.[0];
  if (prefix === undefined) return undefined;
  const backend = options.backends.find((known) => known.prefix.toLowerCase() === prefix.toLowerCase());
  const known = options.backends.map((one) => `${one.prefix} (${one.name})`).join(", ");
  if (backend === undefined) {
    throw cursor.error(`There is no backend ${prefix}`, {
      at,
      hint: `Backends are ${known}, and A: for aliases.`,
    });
  }
  const start = cursor.at;
  const query = cursor.match(/(?:"[^"]*"|'[^']*'|[^}"'])*/y);
  if (!cursor.take("}")) throw cursor.error("The brace is not closed", { at });
  if (query.trim() === "") throw cursor.error("The braces are empty", { at: start });
  const place = { at, text: cursor.text.slice(at, cursor.at) };
  if (backend.kind === "search") return { kind: "search", backend, query: query.trim(), ...place };
  const operand = readInside(parser, start, start + query.length);
  return backend.kind === "names" ? { kind: "among", backend, operand, ...place } : { ...operand, ...place };
}

/** The text between braces, in the common grammar and with columns of the whole query. */
function readInside({ cursor, options, depth }: Parser, start: number, end: number): QueryNode {
  const inside = new TextCursor(cursor.text, { code: "QUERY_SYNTAX", source: cursor.source, start, end });
  return readWhole({ cursor: inside, options, depth, isWord: true });
}
