import type { TextCursor } from "../../text-cursor.ts";

/** Reads a comparison; undefined when there is none. */
export function readOperator(cursor: TextCursor): string | undefined {
  const found = cursor.match(/\s*(?:>=|<=|[=~<>])/y).trim();
  return found === "" ? undefined : found;
}

/** Reads a value: quoted or a bare word. Truths and numbers are told from texts, except as regular expressions. */
export function readValue(cursor: TextCursor, operator: string): string | number | boolean {
  cursor.skipBlanks();
  const quoted = cursor.match(/"[^"]*"|'[^']*'/y);
  if (quoted !== "") return quoted.slice(1, -1);
  const text = cursor.match(/[^\s(){}"']+/y);
  if (text === "") throw cursor.error("A value is missing");
  if (operator === "~") return text;
  return typedValue(text);
}

function typedValue(text: string): string | number | boolean {
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if (/^0x[0-9a-f]+$/i.test(text)) return Number(text);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
