import { orderedEntries } from "../json/key-order.ts";
import { PythonFloat, isPythonInteger, pythonFloatText } from "../python-float.ts";

// Everything that Python's str.isprintable() refuses, except the plain space.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/gu;
const HAS_SPECIAL = /[\\'\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
/** As deep as a record in a file may be. */
const MAX_DEPTH = 1000;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", " ": " " };

/** Python's `str(value)` of a JSON value: a string is itself, anything else its repr form. */
export function textForm(value: unknown): string {
  return typeof value === "string" ? value : reprForm(value);
}

/**
 * Python's `repr(value)` of a JSON value: `None`, `True`, `1.0`, `[1, 'a']`, `{'k': None}`. Cycles and nesting beyond
 * 1000 levels become a short text.
 */
export function reprForm(value: unknown): string {
  return repr(value, []);
}

function repr(value: unknown, parents: readonly object[]): string {
  switch (typeof value) {
    case "string":
      return reprString(value);
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "True" : "False";
    case "bigint":
      return value.toString();
    case "object":
      return value === null ? "None" : reprObject(value, parents);
    default:
      return "None";
  }
}

const FALSE_FORMS: ReadonlySet<string> = new Set(["None", "False", "0", "0.0", "-0.0", "{}"]);

/** Whether a JSON value counts as false in Python: null, false, zero, and what is empty. */
export function isFalse(value: unknown): boolean {
  if (typeof value === "string" || Array.isArray(value)) return value.length === 0;
  return FALSE_FORMS.has(reprForm(value));
}

/** Python's `ascii(value)`: the repr form with everything outside ASCII escaped. */
export function asciiForm(value: unknown): string {
  return reprForm(value).replace(/[^\u0000-\u007f]/gu, escapeCharacter);
}

function numberText(value: number): string {
  if (!isPythonInteger(value)) return pythonFloatText(value);
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}

function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (!HAS_SPECIAL.test(text)) return `${quote}${text}${quote}`;
  const body = text
    .replaceAll("\\", "\\\\")
    .replaceAll(quote, `\\${quote}`)
    .replace(UNPRINTABLE, (char) => SHORT_ESCAPES[char] ?? escapeCharacter(char));
  return `${quote}${body}${quote}`;
}

function escapeCharacter(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function reprObject(value: object, parents: readonly object[]): string {
  if (value instanceof PythonFloat) return pythonFloatText(value.value);
  if (value instanceof Error) return reprString(`${value.name}: ${value.message}`);
  if (value instanceof Uint8Array) return reprString(new TextDecoder().decode(value));
  if (value instanceof Date) return reprString(value.toISOString());
  if (parents.includes(value)) return "'[circular]'";
  if (parents.length >= MAX_DEPTH) return "'[nested too deeply]'";
  const inside = [...parents, value];
  if (Array.isArray(value) || value instanceof Set)
    return `[${Array.from(value, (item) => repr(item, inside)).join(", ")}]`;
  const entries = value instanceof Map ? [...value] : orderedEntries(value);
  return `{${entries.map(([key, item]) => `${repr(key, inside)}: ${repr(item, inside)}`).join(", ")}}`;
}
