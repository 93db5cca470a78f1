import type { Runtime } from "../runtime/runtime.ts";
import { asString } from "../values/text.ts";
import { PyUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";

/** Reads a value out of a member of a list. */
export type Getter = (item: Value) => Value;

/** Settings of {@link attributeGetter}. */
export interface GetterOptions {
  /** Stands for what is undefined. */
  readonly fallback?: Value | undefined;
  /** Makes texts lower case, for comparing. */
  readonly ignoresCase?: boolean;
}

/** A getter for `attribute`, which may be a path with dots; numbers in it are positions. */
export function attributeGetter(
  runtime: Runtime,
  attribute: Value | undefined,
  { fallback = null, ignoresCase = false }: GetterOptions = {},
): Getter {
  const parts = attributeParts(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = runtime.getItem(value, part);
      if (fallback !== null && value instanceof PyUndefined) value = fallback;
    }
    return ignoresCase ? lowerCase(value) : value;
  };
}

/** Getters for several attributes with commas between them. */
export function attributeGetters(
  runtime: Runtime,
  attribute: Value | undefined,
  options: GetterOptions,
): Getter {
  const text = asString(attribute);
  const getters =
    text === undefined
      ? [attributeGetter(runtime, attribute, options)]
      : text.split(",").map((part) => attributeGetter(runtime, part, options));
  return (item) => getters.map((getter) => getter(item));
}

/** Texts in lower case, other values as they are. */
export function lowerCase(value: Value): Value {
  return asString(value)?.toLowerCase() ?? value;
}

function attributeParts(attribute: Value | undefined): Value[] {
  if (attribute === undefined || attribute === null) return [];
  const text = asString(attribute);
  if (text === undefined) return [attribute];
  return text.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
