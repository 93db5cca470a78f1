import { typeError } from "../errors.ts";
import { typeNameOf } from "./type-name.ts";
import type { Value } from "./value.ts";

/** A key that is the same for values that are equal in Python (`1`, `1.0` and `True`); `undefined` = unhashable. */
export function hashOf(value: Value): unknown {
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? undefined : value.hashKey();
}

/** Like {@link hashOf}. @throws TemplateRuntimeError (`TypeError`) for lists and mappings. */
export function requireHash(value: Value): unknown {
  const key = hashOf(value);
  if (key === undefined) throw typeError(`unhashable type: '${typeNameOf(value)}'`);
  return key;
}
