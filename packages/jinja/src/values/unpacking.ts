import { TemplateRuntimeError, typeError } from "../errors.ts";
import { tryCursor } from "./iteration.ts";
import { typeNameOf } from "./type-name.ts";
import type { Value } from "./value.ts";

/**
 * The members of a value that is taken apart into `count` targets.
 *
 * @throws TemplateRuntimeError (`ValueError`) when it has more or fewer.
 */
export function unpack(value: Value, count: number): Value[] {
  const cursor = tryCursor(value);
  if (cursor === undefined) throw typeError(`cannot unpack non-iterable ${typeNameOf(value)} object`);
  const items: Value[] = [];
  for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
    if (items.length === count)
      throw new TemplateRuntimeError("ValueError", `too many values to unpack (expected ${count})`);
    items.push(item);
  }
  if (items.length === count) return items;
  throw new TemplateRuntimeError(
    "ValueError",
    `not enough values to unpack (expected ${count}, got ${items.length})`,
  );
}

/** Takes a pair apart. */
export function unpackPair(value: Value): [Value, Value] {
  const [first = null, second = null] = unpack(value, 2);
  return [first, second];
}
