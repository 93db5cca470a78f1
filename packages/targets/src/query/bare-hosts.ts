import { readTerm } from "../host-set-term.ts";
import { combineHostSets, setOf, type SetStep } from "../host-set.ts";
import type { TextCursor } from "../text-cursor.ts";
import { readNamePattern } from "./name-pattern.ts";
import { OPERATORS, type QueryLeaf, type QueryNode, type QueryStep } from "./query-node.ts";

/**
 * Reads names that stand alone in a query, such as `web[1-3],db1!web2`. Operators without blanks around them bind
 * such names into one operand, as a host set is in every other place; not so behind `,` `!` `&` `^`, where all
 * operators of that kind are read from left to right: `@web!web1,db1` has db1.
 */
export function readBareHosts(cursor: TextCursor, isBound: boolean): QueryNode {
  const at = cursor.at;
  const first = readName(cursor);
  const rest: QueryStep[] = [];
  for (;;) {
    const text = !isBound ? "" : cursor.match(/[,!&^](?=[\p{L}0-9[*?])(?!a:|[a-z][a-z0-9]*\s*\{)/iuy);
    const operator = OPERATORS[text];
    if (operator === undefined) break;
    rest.push({ operator, text, operand: readName(cursor) });
  }
  const place = { at, text: cursor.text.slice(at, cursor.at) };
  const steps: SetStep[] = [];
  for (const { operator, operand } of rest) {
    if (operand.kind === "hosts") steps.push({ operator, right: operand.hosts });
  }
  if (first.kind === "hosts" && steps.length === rest.length) {
    return { kind: "hosts", hosts: combineHostSets(first.hosts, steps), ...place };
  }
  return rest.length === 0 ? first : { kind: "chain", first, rest, ...place };
}

function readName(cursor: TextCursor): QueryLeaf {
  const at = cursor.at;
  const isPattern = /[*?]/.test(cursor.match(/(?:[\p{L}0-9._*?-]|\[[^\]]*\])+/uy));
  cursor.at = at;
  if (isPattern) {
    const pattern = readNamePattern(cursor);
    return { kind: "pattern", pattern, at, text: cursor.text.slice(at, cursor.at) };
  }
  const hosts = setOf([readTerm(cursor)]);
  return { kind: "hosts", hosts, at, text: cursor.text.slice(at, cursor.at) };
}
