import { typeError } from "../errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { PyBytes } from "./bytes.ts";
import { PyDict } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { equal } from "./equality.ts";
import { tryCursor } from "./iteration.ts";
import { PyRange } from "./range.ts";
import { PySet } from "./set.ts";
import { asString } from "./text.ts";
import { typeNameOf } from "./type-name.ts";
import type { Value } from "./value.ts";

/** Python's `member in container`. */
export function contains(container: Value, member: Value, runtime: Runtime): boolean {
  const text = asString(container);
  if (text !== undefined) return textContains(text, member);
  if (container instanceof PyDict) return container.has(member);
  if (container instanceof PyRange && typeof member === "number") return container.includes(member);
  if (container instanceof PyBytes && typeof member !== "number") {
    throw typeError(`a bytes-like object is required, not '${typeNameOf(member)}'`);
  }
  if (container instanceof PySet) return container.members.has(member);
  if (container instanceof DictView && container.kind === "keys") return container.dict.has(member);
  const cursor = tryCursor(container);
  if (cursor === undefined) throw typeError(`argument of type '${typeNameOf(container)}' is not iterable`);
  for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
    runtime.budget.spend(1);
    if (equal(item, member)) return true;
  }
  return false;
}

function textContains(text: string, member: Value): boolean {
  const part = asString(member);
  if (part === undefined)
    throw typeError(`'in <string>' requires string as left operand, not ${typeNameOf(member)}`);
  return text.includes(part);
}
