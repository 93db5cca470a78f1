import { filterArgumentError, TemplateRuntimeError, typeError } from "../errors.ts";
import { integerOperand, requireInteger } from "../methods/arguments.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { calculate } from "../values/arithmetic.ts";
import { arrayCursor, reverseArrayCursor } from "../values/cursors.ts";
import { PyDict } from "../values/dict.ts";
import { equal } from "../values/equality.ts";
import { cursorOf, listOf, sizeOf, tryCursor } from "../values/iteration.ts";
import { Markup } from "../values/markup.ts";
import { OneTimeSequence } from "../values/one-time.ts";
import { inOrder } from "../values/ordering.ts";
import { asString, codePoints } from "../values/text.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import { valueOr, type Cursor, type Value } from "../values/value.ts";
import { DictView } from "../values/dict-view.ts";
import { attributeGetter } from "./attribute-getter.ts";

const length = builtin("len", ["obj"], (_runtime, value) => sizeOf(value), { positionalOnly: 1 });

const first = builtin("first", ["seq"], (runtime, value) =>
  valueOr(cursorOf(value).next(), () =>
    runtime.undefinedValue({ hint: "No first item, sequence was empty." }),
  ),
);

const last = builtin("last", ["seq"], (runtime, value) =>
  valueOr(reversedCursor(value).next(), () =>
    runtime.undefinedValue({ hint: "No last item, sequence was empty." }),
  ),
);

/** Python's `reversed(value)`. */
function reversedCursor(value: Value): Cursor {
  const cursor = tryReversed(value);
  if (cursor === undefined) throw typeError(`'${typeNameOf(value)}' object is not reversible`);
  return cursor;
}

function tryReversed(value: Value): Cursor | undefined {
  if (Array.isArray(value)) return reverseArrayCursor(value);
  if (typeof value === "string") return reverseArrayCursor(codePoints(value));
  if (value instanceof PyUndefined) return value.cursor();
  return typeof value === "object" && value !== null ? value.reversed() : undefined;
}

const reverse = builtin("reverse", ["value"], (runtime, value) => {
  const text = asString(value);
  if (text !== undefined) {
    const reversed = codePoints(text).toReversed().join("");
    return value instanceof Markup ? new Markup(reversed) : reversed;
  }
  const cursor = tryReversed(value);
  if (cursor !== undefined)
    return new OneTimeSequence(cursor, Array.isArray(value) ? "list_reverseiterator" : "reversed");
  if (tryCursor(value) === undefined) throw filterArgumentError("argument must be iterable");
  return listOf(value, runtime).toReversed();
});

const list = builtin("list", ["value"], (runtime, value) => listOf(value, runtime));

const random = builtin("random", ["seq"], (runtime, value) => {
  const size = sizeOf(value);
  if (size === 0) return runtime.undefinedValue({ hint: "No random item, sequence was empty." });
  if (value instanceof PyDict)
    throw new TemplateRuntimeError("KeyError", "random wants a sequence, not a dict");
  return runtime.requireItem(value, Math.floor(runtime.services.random() * size));
});

const sum = builtin("sum", ["iterable", "attribute?", "start?"], (runtime, value, attribute, start = 0) => {
  if (asString(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  const getter = attributeGetter(runtime, attribute);
  const cursor = runtime.charged(cursorOf(value));
  let total = start;
  for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
    total = calculate("+", total, getter(item), runtime.budget);
  }
  return total;
});

const batch = builtin(
  "batch",
  ["value", "linecount", "fill_with?"],
  (runtime, value, lineCount, fill = null) => {
    let cursor: Cursor | undefined;
    let items: Value[] = [];
    const next = (): Value | undefined => {
      cursor ??= runtime.charged(cursorOf(value));
      for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
        const full = items;
        const isFull = equal(full.length, lineCount);
        if (isFull) items = [];
        items.push(item);
        if (isFull) return full;
      }
      const rest = items;
      items = [];
      return rest.length === 0 ? undefined : filled(rest, lineCount, fill, runtime);
    };
    return new OneTimeSequence({ next });
  },
);

function filled(items: Value[], lineCount: Value, fill: Value, runtime: Runtime): Value[] {
  if (fill === null || !inOrder(items.length, "<", lineCount)) return items;
  const size = requireInteger(lineCount);
  runtime.budget.allocate(size);
  while (items.length < size) items.push(fill);
  return items;
}

const slice = builtin("slice", ["value", "slices", "fill_with?"], (runtime, value, slices, fill = null) => {
  let parts: Cursor | undefined;
  return new OneTimeSequence({
    next: () => {
      parts ??= arrayCursor(sliceInto(listOf(value, runtime), integerOperand(slices), fill, runtime));
      return parts.next();
    },
  });
});

function sliceInto(items: readonly Value[], slices: number, fill: Value, runtime: Runtime): Value[][] {
  if (slices === 0) throw new TemplateRuntimeError("ZeroDivisionError", "integer division or modulo by zero");
  runtime.budget.allocate(Math.max(0, slices));
  const perSlice = Math.floor(items.length / slices);
  const withExtra = items.length - perSlice * slices;
  const result: Value[][] = [];
  let offset = 0;
  for (let number = 0; number < slices; number++) {
    const start = offset + number * perSlice;
    if (number < withExtra) offset++;
    const part = items.slice(start, offset + (number + 1) * perSlice);
    if (fill !== null && number >= withExtra) part.push(fill);
    result.push(part);
  }
  return result;
}

const items = builtin("items", ["value"], (_runtime, value) => {
  let cursor: Cursor | undefined;
  const open = (): Cursor => {
    if (value instanceof PyUndefined) return arrayCursor([]);
    if (!(value instanceof PyDict)) throw typeError("Can only get item pairs from a mapping.");
    return new DictView("items", value).cursor();
  };
  return new OneTimeSequence({ next: () => (cursor ??= open()).next() });
});

/** Filters on sequences that need no comparison. */
export const sequenceFilters: readonly (readonly [string, FilterFunction])[] = [
  ["length", length],
  ["count", length],
  ["first", first],
  ["last", last],
  ["reverse", reverse],
  ["list", list],
  ["random", random],
  ["sum", sum],
  ["batch", batch],
  ["slice", slice],
  ["items", items],
];
