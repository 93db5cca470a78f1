import type { TextCursor } from "../../text-cursor.ts";
import { readOperator, readValue } from "./puppet-value.ts";
import type { Ast, PuppetNode } from "./query-tree.ts";

const CLASS_PREFIXES: Readonly<Record<string, string>> = { "C:": "", "O:": "Role::", "P:": "Profile::" };

/** Reads what stands behind `R:`, or a class behind `C:`, `O:` (role) and `P:` (profile). */
export function readResource(cursor: TextCursor, sign: string): PuppetNode {
  const name = capitalised(cursor.match(/\w+(?:(?:::)\w+)*/y));
  if (name === "") throw cursor.error("The name of a resource or class is missing");
  const prefix = CLASS_PREFIXES[sign];
  const conditions: Ast[] =
    prefix === undefined
      ? [["=", "type", name]]
      : [
          ["=", "type", "Class"],
          ["=", "title", prefix + name],
        ];
  const more = readCondition(cursor, name, prefix === undefined);
  if (more !== undefined) conditions.push(more);
  const [only] = conditions;
  return {
    kind: "resource",
    ast: conditions.length === 1 && only !== undefined ? only : ["and", ...conditions],
  };
}

/** `%param = v`, `@field = v`, or for a resource `= title` and `~ expression`. */
function readCondition(cursor: TextCursor, type: string, mayHaveTitle: boolean): Ast | undefined {
  const start = cursor.at;
  const attribute = cursor.match(/[%@]\w+/y);
  const operator = readOperator(cursor);
  if (operator === undefined && attribute === "") return undefined;
  if (operator !== "=" && operator !== "~")
    throw cursor.error("A resource is compared with = or ~", { at: start });
  const value = readValue(cursor, operator);
  if (attribute.startsWith("%")) return [operator, ["parameter", attribute.slice(1)], value];
  if (attribute.startsWith("@")) return [operator, attribute.slice(1), value];
  if (!mayHaveTitle) throw cursor.error("A class has its title already; compare a %parameter", { at: start });
  const title = String(value);
  return [operator, "title", operator === "=" && type === "Class" ? capitalised(title) : title];
}

/** Types and titles of classes are spelled with a capital in each part. */
function capitalised(name: string): string {
  return name
    .split("::")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("::");
}
