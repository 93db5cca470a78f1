import { readPatternSource } from "../../query/name-pattern.ts";
import { parseHostSet } from "../../host-set-parser.ts";
import { membersOf } from "../../host-set-members.ts";
import { TextCursor } from "../../text-cursor.ts";
import { readResource } from "./puppet-resource.ts";
import { readOperator, readValue } from "./puppet-value.ts";
import type { PuppetNode } from "./query-tree.ts";

const MAX_DEPTH = 100;

/**
 * Reads a query of PuppetDB's backend: names, `F:fact op value`, `R:Type = title`, `C:class`, `O:role`,
 * `P:profile`, joined by `and` or `or` (one kind a level), `not` and parentheses.
 *
 * @throws {ExpressionError} `QUERY_SYNTAX`, with the column
 */
export function parsePuppetQuery(text: string): PuppetNode {
  const cursor = new TextCursor(text, { code: "QUERY_SYNTAX", source: "P{…}" });
  const node = readLevel(cursor, 0);
  if (cursor.peek() !== "") throw cursor.error("An operator such as and, or is missing here");
  return node;
}

function readLevel(cursor: TextCursor, depth: number): PuppetNode {
  if (depth > MAX_DEPTH) throw cursor.error(`A query nests at most ${MAX_DEPTH} deep`);
  const operands = [readItem(cursor, depth)];
  let kind: "and" | "or" | undefined;
  for (;;) {
    cursor.skipBlanks();
    const at = cursor.at;
    const word = cursor.match(/(?:and|or)(?=[\s(]|$)/iy).toLowerCase();
    if (word !== "and" && word !== "or") break;
    if (kind !== undefined && word !== kind) throw cursor.error("Mixed and and or need parentheses", { at });
    kind = word;
    operands.push(readItem(cursor, depth));
  }
  const [first] = operands;
  return kind === undefined && first !== undefined ? first : { kind: kind ?? "and", operands };
}

function readItem(cursor: TextCursor, depth: number): PuppetNode {
  cursor.skipBlanks();
  const at = cursor.at;
  if (cursor.match(/not(?=[\s(])/iy) !== "") return { kind: "not", operand: readItem(cursor, depth + 1) };
  if (!cursor.take("(")) return readLeaf(cursor);
  const node = readLevel(cursor, depth + 1);
  cursor.skipBlanks();
  if (!cursor.take(")")) throw cursor.error("The parenthesis is not closed", { at });
  return node;
}

function readLeaf(cursor: TextCursor): PuppetNode {
  const sign = cursor.match(/[FRCOP]:/y);
  if (sign === "F:") return readFact(cursor);
  return sign === "" ? readHosts(cursor) : readResource(cursor, sign);
}

function readFact(cursor: TextCursor): PuppetNode {
  const name = cursor.match(/[\w.:-]+/y);
  if (name === "") throw cursor.error("The name of a fact is missing");
  const operator = readOperator(cursor);
  if (operator === undefined) throw cursor.error("A fact is compared with =, ~, >, >=, < or <=");
  return { kind: "node", ast: [operator, ["fact", name], readValue(cursor, operator)] };
}

function readHosts(cursor: TextCursor): PuppetNode {
  const at = cursor.at;
  const text = cursor.match(/(?:[\p{L}0-9._*?,-]|\[[^\]]*\])+/uy);
  if (text === "" || /^(?:and|or|not)$/i.test(text)) throw cursor.error("A host name is missing", { at });
  if (!/[*?]/.test(text)) {
    const names = membersOf(parseHostSet(text));
    return { kind: "node", ast: ["or", ...names.map((name) => ["=", "certname", name] as const)] };
  }
  cursor.at = at;
  const pattern = `^${readPatternSource(cursor)}$`;
  return { kind: "node", ast: ["or", ["~", "certname", pattern]] };
}
