import { filterArgumentError, TemplateRuntimeError } from "../errors.ts";
import { requireInteger } from "../methods/arguments.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { filterCursor } from "../values/cursors.ts";
import { PyDict } from "../values/dict.ts";
import { equal } from "../values/equality.ts";
import { cursorOf, listOf } from "../values/iteration.ts";
import { OneTimeSequence } from "../values/one-time.ts";
import { inOrder } from "../values/ordering.ts";
import { sortValues } from "../values/sorting.ts";
import { isTrue } from "../values/truth.ts";
import { PyGroup, PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import type { Cursor, Value } from "../values/value.ts";
import { attributeGetter, attributeGetters, lowerCase } from "./attribute-getter.ts";

const sort = builtin(
  "sort",
  ["value", "reverse?", "case_sensitive?", "attribute?"],
  (runtime, value, reverse = false, caseSensitive = false, attribute = null) =>
    sortValues(
      listOf(value, runtime),
      attributeGetters(runtime, attribute, { ignoresCase: !isTrue(caseSensitive) }),
      { isReversed: requireInteger(reverse) !== 0, budget: runtime.budget },
    ),
);

const dictsort = builtin(
  "dictsort",
  ["value", "case_sensitive?", "by?", "reverse?"],
  (runtime, value, caseSensitive = false, by = "key", reverse = false) => {
    if (!equal(by, "key") && !equal(by, "value"))
      throw filterArgumentError('You can only sort by either "key" or "value"');
    if (value instanceof PyUndefined) value.fail();
    if (!(value instanceof PyDict)) {
      throw new TemplateRuntimeError(
        "AttributeError",
        `'${typeNameOf(value)}' object has no attribute 'items'`,
      );
    }
    const position = equal(by, "key") ? 0 : 1;
    const keyOf = (pair: Value): Value => {
      const part = pair instanceof PyTuple ? (pair.items[position] ?? null) : null;
      return isTrue(caseSensitive) ? part : lowerCase(part);
    };
    const pairs = Array.from(value.entries(), (pair) => new PyTuple(pair));
    return sortValues(pairs, keyOf, { isReversed: requireInteger(reverse) !== 0, budget: runtime.budget });
  },
);

const unique = builtin(
  "unique",
  ["value", "case_sensitive?", "attribute?"],
  (runtime, value, caseSensitive = false, attribute = null) => {
    const keyOf = attributeGetter(runtime, attribute, { ignoresCase: !isTrue(caseSensitive) });
    const seen = new PyDict();
    let cursor: Cursor | undefined;
    const isNew = (item: Value): boolean => {
      const key = keyOf(item);
      if (seen.has(key)) return false;
      seen.set(key, null);
      return true;
    };
    const open = (): Cursor => filterCursor(runtime.charged(cursorOf(value)), isNew);
    return new OneTimeSequence({ next: () => (cursor ??= open()).next() });
  },
);

function extreme(name: "min" | "max"): FilterFunction {
  const operator = name === "min" ? "<" : ">";
  return builtin(
    name,
    ["value", "case_sensitive?", "attribute?"],
    (runtime, value, caseSensitive = false, attribute = null) => {
      const cursor = runtime.charged(cursorOf(value));
      let best = cursor.next();
      if (best === undefined)
        return runtime.undefinedValue({ hint: "No aggregated item, sequence was empty." });
      const keyOf = attributeGetter(runtime, attribute, { ignoresCase: !isTrue(caseSensitive) });
      let bestKey = keyOf(best);
      for (let item = cursor.next(); item !== undefined; item = cursor.next()) {
        const key = keyOf(item);
        if (inOrder(key, operator, bestKey)) [best, bestKey] = [item, key];
      }
      return best;
    },
  );
}

const groupby = builtin(
  "groupby",
  ["value", "attribute", "default?", "case_sensitive?"],
  (runtime, value, attribute, fallback = null, caseSensitive = false) => {
    const ignoresCase = !isTrue(caseSensitive);
    const keyOf = attributeGetter(runtime, attribute, { fallback, ignoresCase });
    const shownKeyOf = attributeGetter(runtime, attribute, { fallback });
    return groups(listOf(value, runtime), keyOf, runtime).map(
      ([key, members]) => new PyGroup([ignoresCase ? shownKeyOf(members[0] ?? null) : key, members]),
    );
  },
);

function groups(
  items: readonly Value[],
  keyOf: (item: Value) => Value,
  runtime: Runtime,
): [Value, Value[]][] {
  const result: [Value, Value[]][] = [];
  for (const item of sortValues(items, keyOf, { isReversed: false, budget: runtime.budget })) {
    const key = keyOf(item);
    const group = result[result.length - 1];
    if (group !== undefined && equal(group[0], key)) group[1].push(item);
    else result.push([key, [item]]);
  }
  return result;
}

/** Filters that compare members. */
export const orderingFilters: readonly (readonly [string, FilterFunction])[] = [
  ["sort", sort],
  ["dictsort", dictsort],
  ["unique", unique],
  ["min", extreme("min")],
  ["max", extreme("max")],
  ["groupby", groupby],
];
