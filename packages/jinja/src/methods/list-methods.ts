import { TemplateRuntimeError, typeError, valueError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { listOf } from "../values/iteration.ts";
import { equal } from "../values/equality.ts";
import { reprOf } from "../values/repr.ts";
import { sortValues } from "../values/sorting.ts";
import type { Value } from "../values/value.ts";
import { integerOr, positionOr, requireInteger } from "./arguments.ts";

const self = (value: Value): Value[] => (Array.isArray(value) ? value : []);
const POSITIONAL = { positionalOnly: 9 };

function indexOf(items: readonly Value[], wanted: Value, start: number, stop: number): number {
  const clamp = (position: number): number => Math.max(0, position < 0 ? position + items.length : position);
  const end = Math.min(items.length, clamp(stop));
  for (let index = clamp(start); index < end; index++) {
    if (equal(items[index] ?? null, wanted)) return index;
  }
  throw valueError(`${reprOf(wanted)} is not in list`);
}

const index: FilterFunction = builtin(
  "index",
  ["self", "value", "start?", "stop?"],
  (runtime, list, wanted, start, stop) => {
    const items = Array.isArray(list) ? list : listOf(list, runtime);
    return indexOf(items, wanted, positionOr(start, 0), positionOr(stop, items.length));
  },
  POSITIONAL,
);

const count: FilterFunction = builtin(
  "count",
  ["self", "value"],
  (runtime, list, wanted) => listOf(list, runtime).filter((item) => equal(item, wanted)).length,
  POSITIONAL,
);

/** The methods of `tuple`. */
export const tupleMethods: ReadonlyMap<string, FilterFunction> = new Map([
  ["index", index],
  ["count", count],
]);

/** The methods of `range`. */
export const rangeMethods: ReadonlyMap<string, FilterFunction> = new Map([
  [
    "index",
    builtin(
      "index",
      ["self", "value"],
      (runtime, range, wanted) => indexOf(listOf(range, runtime), wanted, 0, Infinity),
      POSITIONAL,
    ),
  ],
  ["count", count],
]);

const sortInPlace = builtin(
  "sort",
  ["self", "key?", "reverse?"],
  (runtime, list, key = null, reverse = false) => {
    const items = self(list);
    const sorted = sortValues(
      items,
      key === null ? (item) => item : (item) => runtime.call(key, [item], new Map()),
      { isReversed: requireInteger(reverse) !== 0, budget: runtime.budget },
    );
    items.splice(0, items.length, ...sorted);
    return null;
  },
  { positionalOnly: 1 },
);

const sort: FilterFunction = (runtime, args, kwargs) => {
  if (args.length > 1) throw typeError("sort() takes no positional arguments");
  return sortInPlace(runtime, args, kwargs);
};

/** The methods of `list`. */
export const listMethods: ReadonlyMap<string, FilterFunction> = new Map([
  ["index", index],
  ["count", count],
  ["copy", builtin("copy", ["self"], (_runtime, list) => [...self(list)], POSITIONAL)],
  [
    "clear",
    builtin(
      "clear",
      ["self"],
      (_runtime, list) => {
        self(list).length = 0;
        return null;
      },
      POSITIONAL,
    ),
  ],
  [
    "append",
    builtin(
      "append",
      ["self", "object"],
      (runtime, list, item) => {
        runtime.budget.allocate(self(list).length);
        self(list).push(item);
        return null;
      },
      POSITIONAL,
    ),
  ],
  [
    "extend",
    builtin(
      "extend",
      ["self", "iterable"],
      (runtime, list, items) => {
        const added = listOf(items, runtime);
        runtime.budget.allocate(self(list).length + added.length);
        for (const item of added) self(list).push(item);
        return null;
      },
      POSITIONAL,
    ),
  ],
  [
    "insert",
    builtin(
      "insert",
      ["self", "index", "object"],
      (_runtime, list, position, item) => {
        const items = self(list);
        const at = requireInteger(position);
        items.splice(at < 0 ? Math.max(0, at + items.length) : at, 0, item);
        return null;
      },
      POSITIONAL,
    ),
  ],
  [
    "pop",
    builtin(
      "pop",
      ["self", "index?"],
      (_runtime, list, position) => pop(self(list), integerOr(position, -1)),
      POSITIONAL,
    ),
  ],
  [
    "remove",
    builtin(
      "remove",
      ["self", "value"],
      (_runtime, list, wanted) => {
        const items = self(list);
        const at = items.findIndex((item) => equal(item, wanted));
        if (at < 0) throw valueError("list.remove(x): x not in list");
        items.splice(at, 1);
        return null;
      },
      POSITIONAL,
    ),
  ],
  [
    "reverse",
    builtin(
      "reverse",
      ["self"],
      (_runtime, list) => {
        self(list).reverse();
        return null;
      },
      POSITIONAL,
    ),
  ],
  ["sort", sort],
]);

function pop(items: Value[], position: number): Value {
  if (items.length === 0) throw new TemplateRuntimeError("IndexError", "pop from empty list");
  const at = position < 0 ? position + items.length : position;
  const [removed] = at < 0 ? [] : items.splice(at, 1);
  if (removed === undefined) throw new TemplateRuntimeError("IndexError", "pop index out of range");
  return removed;
}
