import { TemplateRuntimeError, typeError, valueError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { DictView, type DictViewKind } from "../values/dict-view.ts";
import { PyDict } from "../values/dict.ts";
import { requireHash } from "../values/hashing.ts";
import { cursorOf, listOf, tryCursor } from "../values/iteration.ts";
import { reprOf } from "../values/repr.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import { valueOr, type Kwargs, type Value } from "../values/value.ts";
import { equal } from "../values/equality.ts";
import { drain } from "../values/cursors.ts";

const POSITIONAL = { positionalOnly: 9 };

function self(value: Value): PyDict {
  if (value instanceof PyDict) return value;
  throw typeError(`a dict is required, not ${typeNameOf(value)}`);
}

function view(kind: DictViewKind): [string, FilterFunction] {
  return [kind, builtin(kind, ["self"], (_runtime, dict) => new DictView(kind, self(dict)), POSITIONAL)];
}

/** The methods of `dict`. */
export const dictMethods: ReadonlyMap<string, FilterFunction> = new Map([
  view("items"),
  view("keys"),
  view("values"),
  // Python 2 spelling that old templates still use; Python 3 would fail here.
  [
    "iteritems",
    builtin(
      "iteritems",
      ["self"],
      (runtime, dict) => {
        runtime.warn("iteritems() is Python 2; write items()");
        return new DictView("items", self(dict));
      },
      POSITIONAL,
    ),
  ],
  [
    "get",
    builtin(
      "get",
      ["self", "key", "default?"],
      (_runtime, dict, key, fallback = null) => {
        requireHash(key);
        return valueOr(self(dict).get(key), () => fallback);
      },
      POSITIONAL,
    ),
  ],
  ["copy", builtin("copy", ["self"], (_runtime, dict) => new PyDict(self(dict).entries()), POSITIONAL)],
  [
    "clear",
    builtin(
      "clear",
      ["self"],
      (_runtime, dict) => {
        self(dict).clear();
        return null;
      },
      POSITIONAL,
    ),
  ],
  [
    "setdefault",
    builtin(
      "setdefault",
      ["self", "key", "default?"],
      (_runtime, dict, key, fallback = null) => {
        const known = self(dict).get(key);
        if (known === undefined) self(dict).set(key, fallback);
        return known === undefined ? fallback : known;
      },
      POSITIONAL,
    ),
  ],
  [
    "pop",
    builtin(
      "pop",
      ["self", "key", "default?"],
      (_runtime, dict, key, fallback) => {
        const known = self(dict).get(key);
        const value = known === undefined ? fallback : known;
        if (self(dict).count > 0) requireHash(key);
        if (value === undefined) throw new TemplateRuntimeError("KeyError", reprOf(key));
        self(dict).delete(key);
        return value;
      },
      POSITIONAL,
    ),
  ],
  [
    "popitem",
    builtin(
      "popitem",
      ["self"],
      (_runtime, dict) => {
        const last = [...self(dict).entries()].pop();
        if (last === undefined)
          throw new TemplateRuntimeError("KeyError", "'popitem(): dictionary is empty'");
        self(dict).delete(last[0]);
        return new PyTuple(last);
      },
      POSITIONAL,
    ),
  ],
  [
    "update",
    (runtime, [dict = null, ...args], kwargs) => {
      if (args.length > 1) throw typeError(`update expected at most 1 argument, got ${args.length}`);
      fillDict(self(dict), args, kwargs, runtime);
      return null;
    },
  ],
  [
    "fromkeys",
    builtin(
      "fromkeys",
      ["self", "iterable", "value?"],
      (runtime, _dict, keys, value = null) =>
        new PyDict(listOf(keys, runtime).map((key) => [key, value] as const)),
      POSITIONAL,
    ),
  ],
]);

/** Adds the arguments of `dict(...)` or `d.update(...)`: a mapping or pairs, then keywords. */
export function fillDict(dict: PyDict, [source]: readonly Value[], kwargs: Kwargs, runtime: Runtime): void {
  if (source instanceof PyUndefined) source.fail();
  if (source instanceof PyDict) for (const [key, value] of source.entries()) dict.set(key, value);
  else if (source !== undefined) addPairs(dict, source, runtime);
  for (const [name, value] of kwargs) dict.set(name, value);
  runtime.budget.spend(dict.count);
}

function addPairs(dict: PyDict, source: Value, runtime: Runtime): void {
  for (const [index, pair] of listOf(source, runtime).entries()) {
    if (tryCursor(pair) === undefined) {
      throw typeError(`cannot convert dictionary update sequence element #${index} to a sequence`);
    }
    const parts = drain(cursorOf(pair));
    const [key, value] = parts;
    if (parts.length !== 2 || key === undefined || value === undefined) {
      throw valueError(
        `dictionary update sequence element #${index} has length ${parts.length}; 2 is required`,
      );
    }
    dict.set(key, value);
  }
}

/** The methods of views of a dict. */
export const dictViewMethods: ReadonlyMap<string, FilterFunction> = new Map([
  [
    "isdisjoint",
    builtin(
      "isdisjoint",
      ["self", "other"],
      (runtime, dictView, other) => {
        const mine = listOf(dictView, runtime);
        return !listOf(other, runtime).some((item) => mine.some((member) => equal(item, member)));
      },
      POSITIONAL,
    ),
  ],
]);
