import type { Value } from "./value.ts";

/** Python's `a == b`. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return listsEqual(a, b);
  if (isObject(a)) {
    // As in Python, the other side is asked when the first does not know its type.
    return a.equals(b) || (isObject(b) && a.constructor !== b.constructor && b.equals(a));
  }
  if (isObject(b)) return b.equals(a);
  // Of two different primitives only a number and a boolean can be equal.
  if (typeof a === "boolean" && typeof b === "number") return Number(a) === b;
  return typeof a === "number" && typeof b === "boolean" && a === Number(b);
}

function isObject(value: Value): value is Exclude<Value & object, Value[]> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listsEqual(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null));
}
