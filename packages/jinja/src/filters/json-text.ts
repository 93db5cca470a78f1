import { typeError, valueError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { PyDict } from "../values/dict.ts";
import { floatText, PyFloat } from "../values/float.ts";
import { asInteger } from "../values/integers.ts";
import { integerText } from "../values/repr.ts";
import { sortValues } from "../values/sorting.ts";
import { asString } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import { refuseUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";

/** Python's `json.dumps(value, sort_keys=True, indent=...)`. */
export function jsonText(value: Value, indent: Value, budget: Budget): string {
  const text = asString(value);
  return text === undefined ? new JsonWriter(indentUnit(indent), budget).write(value, "") : jsonString(text);
}

function indentUnit(indent: Value): string | undefined {
  if (indent === null) return undefined;
  const text = asString(indent);
  if (text !== undefined) return text;
  refuseUndefined(indent, null);
  const width = asInteger(indent);
  if (typeof width !== "number")
    throw typeError(`can't multiply sequence by non-int of type '${typeNameOf(indent)}'`);
  return " ".repeat(Math.min(Math.max(0, width), 1000));
}

class JsonWriter {
  readonly #indent: string | undefined;
  readonly #budget: Budget;
  readonly #open = new Set<object>();

  constructor(indent: string | undefined, budget: Budget) {
    this.#indent = indent;
    this.#budget = budget;
  }

  write(value: Value, margin: string): string {
    this.#budget.spend(1);
    if (value === null) return "null";
    if (typeof value === "boolean") return String(value);
    const text = asString(value);
    if (text !== undefined) return jsonString(text);
    if (Array.isArray(value)) return this.#sequence(value, value, margin);
    if (value instanceof PyTuple) return this.#sequence(value, value.items, margin);
    if (value instanceof PyDict) return this.#mapping(value, margin);
    const number = numberText(value);
    if (number !== undefined) return number;
    throw typeError(`Object of type ${typeNameOf(value)} is not JSON serializable`);
  }

  #sequence(container: object, items: readonly Value[], margin: string): string {
    return this.#container(container, "[]", margin, (inner) => items.map((item) => this.write(item, inner)));
  }

  #mapping(dict: PyDict, margin: string): string {
    return this.#container(dict, "{}", margin, (inner) => {
      const keys = sortValues([...dict.keys()], (key) => key, { isReversed: false, budget: this.#budget });
      return keys.map((key) => `${jsonKey(key)}: ${this.write(dict.get(key) ?? null, inner)}`);
    });
  }

  #container(
    container: object,
    brackets: string,
    margin: string,
    members: (inner: string) => string[],
  ): string {
    if (this.#open.has(container)) throw valueError("Circular reference detected");
    this.#open.add(container);
    const inner = margin + (this.#indent ?? "");
    const parts = members(inner);
    this.#open.delete(container);
    const [open = "", close = ""] = brackets;
    if (parts.length === 0) return brackets;
    if (this.#indent === undefined) return open + parts.join(", ") + close;
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`;
  }
}

function numberText(value: Value): string | undefined {
  if (value instanceof PyFloat) {
    if (Number.isNaN(value.value)) return "NaN";
    return Number.isFinite(value.value) ? floatText(value.value) : value.value > 0 ? "Infinity" : "-Infinity";
  }
  const integer = asInteger(value);
  if (integer === undefined) return undefined;
  return typeof integer === "bigint" ? integerText(integer) : String(integer);
}

function jsonKey(key: Value): string {
  const text = asString(key);
  if (text !== undefined) return jsonString(text);
  if (key === null) return '"null"';
  if (typeof key === "boolean") return `"${String(key)}"`;
  const number = numberText(key);
  if (number !== undefined) return `"${number}"`;
  throw typeError(`keys must be str, int, float, bool or None, not ${typeNameOf(key)}`);
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
