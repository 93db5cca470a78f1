import type { Value } from "./value.ts";

/** Python's `a == b`. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && listsEqual(a, b);
  if (typeof a === "object" && a !== null) return a.equals(b);
  // Of two different primitives only a number and a boolean can be equal.
  if (typeof b === "object" && b !== null && !Array.isArray(b)) return b.equals(a);
  if (typeof a === "boolean" && typeof b === "number") return Number(a) === b;
  return typeof a === "number" && typeof b === "boolean" && a === Number(b);
}

function listsEqual(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null));
}
