import { PythonFloat, isPythonInteger, pythonFloatText } from "../python-float.ts";
import { orderedEntries } from "./key-order.ts";

const NOT_ASCII = /[\u007f-\uffff]/g;
const HAS_NOT_ASCII = /[\u007f-\uffff]/;
const MAX_DEPTH = 900;

/**
 * Writes a value as one line of ASCII JSON with Python's separators. What JSON cannot hold is written as its
 * text: errors, bytes (as UTF-8), dates; sets and maps become arrays and objects; functions, symbols and
 * `undefined` become null. Cycles and nesting beyond 900 levels become a short text.
 */
export function writeJson(value: unknown): string {
  return write(value, floatToken);
}

/** Like `writeJson`, for readers that know no `NaN` and `Infinity`: they get these as text. */
export function writeStrictJson(value: unknown): string {
  return write(value, strictFloatToken);
}

type FloatWriter = (value: number) => string;

/** A string as an ASCII JSON literal. */
export function writeJsonString(text: string): string {
  const literal = JSON.stringify(text);
  return HAS_NOT_ASCII.test(literal) ? literal.replace(NOT_ASCII, escapeUnit) : literal;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

// Most values are none that has members: the list of parents is made for those that have.
function write(value: unknown, float: FloatWriter, parents?: object[]): string {
  switch (typeof value) {
    case "string":
      return writeJsonString(value);
    case "number":
      return isPythonInteger(value) ? integerText(value) : float(value);
    case "boolean":
    case "bigint":
      return String(value);
    case "object":
      return value === null ? "null" : writeObject(value, float, parents ?? []);
    default:
      return "null";
  }
}

function integerText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
}

function floatToken(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return pythonFloatText(value);
}

function strictFloatToken(value: number): string {
  return Number.isFinite(value) ? pythonFloatText(value) : `"${floatToken(value)}"`;
}

function writeObject(value: object, float: FloatWriter, parents: object[]): string {
  if (value instanceof PythonFloat) return float(value.value);
  if (value instanceof Error) return writeJsonString(`${value.name}: ${value.message}`);
  if (value instanceof Date) return writeJsonString(Number.isNaN(value.getTime()) ? "" : value.toISOString());
  if (value instanceof Uint8Array) return writeJsonString(new TextDecoder().decode(value));
  if (parents.includes(value)) return '"[circular]"';
  if (parents.length >= MAX_DEPTH) return '"[nested too deeply]"';
  parents.push(value);
  const text = writeMembers(value, float, parents);
  parents.pop();
  return text;
}

function writeMembers(value: object, float: FloatWriter, parents: object[]): string {
  if (Array.isArray(value) || value instanceof Set) {
    return `[${Array.from(value as Iterable<unknown>, (item) => write(item, float, parents)).join(", ")}]`;
  }
  const entries =
    value instanceof Map
      ? [...value].map(([key, item]) => [String(key), item] as const)
      : orderedEntries(value);
  const members = entries
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${writeJsonString(key)}: ${write(item, float, parents)}`);
  return `{${members.join(", ")}}`;
}
