import { filterArgumentError } from "../errors.ts";
import type { FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { filterCursor, mapCursor } from "../values/cursors.ts";
import { cursorOf } from "../values/iteration.ts";
import { OneTimeSequence } from "../values/one-time.ts";
import { reprOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";
import type { Cursor, Kwargs, Value } from "../values/value.ts";
import { attributeGetter, type Getter } from "./attribute-getter.ts";

/** Nothing is checked or walked over before the first member is asked for, as with Python's generators. */
function lazily(value: Value, runtime: Runtime, prepare: () => (members: Cursor) => Cursor): Value {
  let cursor: Cursor | undefined;
  const start = (): Cursor => {
    if (!isTrue(value)) return { next: () => undefined };
    const open = prepare();
    return open(runtime.charged(cursorOf(value)));
  };
  return new OneTimeSequence({ next: () => (cursor ??= start()).next() });
}

const map: FilterFunction = (runtime, [value = null, ...args], kwargs) =>
  lazily(value, runtime, () => {
    const getter = mapping(runtime, args, kwargs);
    return (members) => mapCursor(members, getter);
  });

function mapping(runtime: Runtime, args: readonly Value[], kwargs: Kwargs): Getter {
  if (args.length === 0 && kwargs.has("attribute")) {
    const unexpected = [...kwargs.keys()].find((name) => name !== "attribute" && name !== "default");
    if (unexpected !== undefined)
      throw filterArgumentError(`Unexpected keyword argument ${reprOf(unexpected)}`);
    return attributeGetter(runtime, kwargs.get("attribute"), { fallback: kwargs.get("default") });
  }
  const [name, ...rest] = args;
  if (name === undefined) throw filterArgumentError("map requires a filter argument");
  return (item) => runtime.applyFilter(name, [item, ...rest], kwargs);
}

/** `select`, `reject` and their forms for attributes. */
function selecting(wanted: boolean, byAttribute: boolean): FilterFunction {
  return (runtime, [value = null, ...args], kwargs) =>
    lazily(value, runtime, () => {
      const test = selection(runtime, args, kwargs, byAttribute);
      return (members) => filterCursor(members, (item) => isTrue(test(item)) === wanted);
    });
}

function selection(runtime: Runtime, args: readonly Value[], kwargs: Kwargs, byAttribute: boolean): Getter {
  const [attribute] = args;
  if (byAttribute && attribute === undefined)
    throw filterArgumentError("Missing parameter for attribute name");
  const getter: Getter = byAttribute ? attributeGetter(runtime, attribute) : (item) => item;
  const [name, ...rest] = byAttribute ? args.slice(1) : args;
  if (name === undefined) return getter;
  return (item) => runtime.applyTest(name, [getter(item), ...rest], kwargs);
}

/** Filters that apply a filter or test to each member. */
export const mappingFilters: readonly (readonly [string, FilterFunction])[] = [
  ["map", map],
  ["select", selecting(true, false)],
  ["reject", selecting(false, false)],
  ["selectattr", selecting(true, true)],
  ["rejectattr", selecting(false, true)],
];
