import { typeError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { arrayCursor, drain } from "./cursors.ts";
import { asString, codePoints } from "./text.ts";
import { typeNameOf } from "./type-name.ts";
import type { Cursor, Value } from "./value.ts";

/** Python's `iter(value)`, or `undefined` when it cannot be iterated over. */
export function tryCursor(value: Value): Cursor | undefined {
  if (Array.isArray(value)) return arrayCursor(value);
  if (typeof value === "string") return arrayCursor(codePoints(value));
  return typeof value === "object" && value !== null ? value.cursor() : undefined;
}

/** Python's `iter(value)`. @throws TemplateRuntimeError (`TypeError`) when it cannot be iterated over. */
export function cursorOf(value: Value): Cursor {
  const cursor = tryCursor(value);
  if (cursor === undefined) throw typeError(`'${typeNameOf(value)}' object is not iterable`);
  return cursor;
}

/** Python's `list(value)`: a new list. Charges a step for each member. */
export function listOf(value: Value, runtime: Runtime): Value[] {
  const size = trySize(value);
  if (size !== undefined) runtime.budget.spend(size);
  if (Array.isArray(value)) return [...value];
  return size === undefined ? drain(runtime.charged(cursorOf(value))) : drain(cursorOf(value));
}

/** Python's `len(value)`, or `undefined` when it has none. */
export function trySize(value: Value): number | undefined {
  if (Array.isArray(value)) return value.length;
  const text = asString(value);
  if (text !== undefined) return codePoints(text).length;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value.size() : undefined;
}

/** Python's `len(value)`. @throws TemplateRuntimeError (`TypeError`) when it has none. */
export function sizeOf(value: Value): number {
  const size = trySize(value);
  if (size === undefined) throw typeError(`object of type '${typeNameOf(value)}' has no len()`);
  return size;
}
