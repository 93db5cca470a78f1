import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { asString } from "../values/text.ts";
import type { Value } from "../values/value.ts";

/** A method with its name. */
export type NamedMethod = readonly [name: string, method: FilterFunction];

/** The text that a method of `str` is called on. */
export function textOfSelf(value: Value): string {
  return asString(value) ?? "";
}

/** A method without arguments. */
export function simpleMethod(name: string, apply: (text: string) => Value): NamedMethod {
  return [
    name,
    builtin(name, ["self"], (_runtime, value) => apply(textOfSelf(value)), { positionalOnly: 1 }),
  ];
}
