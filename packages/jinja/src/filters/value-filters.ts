import { typeError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { cursorOf } from "../values/iteration.ts";
import { escapeHtml, escapeValue, isHtml, Markup } from "../values/markup.ts";
import { textOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";
import { PyFloat } from "../values/float.ts";
import { asInteger } from "../values/integers.ts";
import { asString } from "../values/text.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import { valueOr, type Cursor, type Value } from "../values/value.ts";
import { attributeGetter } from "./attribute-getter.ts";
import { prettyText } from "./pretty-text.ts";
import { jsonText } from "./json-text.ts";

const defaultFilter = builtin(
  "default",
  ["value", "default_value?", "boolean?"],
  (_runtime, value, fallback = "", boolean = false) =>
    value instanceof PyUndefined || (isTrue(boolean) && !isTrue(value)) ? fallback : value,
);

const escape = builtin("escape", ["s"], (_runtime, value) => escapeValue(value));

const forceescape = builtin(
  "forceescape",
  ["value"],
  (_runtime, value) => new Markup(escapeHtml(textOf(value))),
);

const safe = builtin("safe", ["value"], (_runtime, value) => new Markup(textOf(value)));

const join = builtin(
  "join",
  ["value", "d?", "attribute?"],
  (runtime, value, separator = "", attribute = null) => {
    const getter = attributeGetter(runtime, attribute);
    const cursor = runtime.charged(cursorOf(value));
    if (runtime.autoescape) return joinEscaped(cursor, getter, separator);
    const parts: string[] = [];
    for (let item = cursor.next(); item !== undefined; item = cursor.next()) parts.push(textOf(getter(item)));
    return joinParts(parts, textOf(separator), runtime);
  },
);

function joinParts(parts: readonly string[], separator: string, runtime: Runtime): string {
  let size = separator.length * Math.max(0, parts.length - 1);
  for (const part of parts) size += part.length;
  runtime.budget.allocate(size);
  return parts.join(separator);
}

function joinEscaped(cursor: Cursor, getter: (item: Value) => Value, separator: Value): Value {
  const items: Value[] = [];
  for (let item = cursor.next(); item !== undefined; item = cursor.next()) items.push(getter(item));
  if (!isHtml(separator) && !items.some(isHtml)) return items.map(textOf).join(textOf(separator));
  return new Markup(items.map((item) => escapeValue(item).html).join(escapeValue(separator).html));
}

const attr = builtin("attr", ["obj", "name"], (runtime, value, name) => {
  const key = asString(name);
  // A strict undefined value cannot be printed, which comes first.
  if (name instanceof PyUndefined) textOf(name);
  if (key === undefined) throw typeError(`attribute name must be string, not '${typeNameOf(name)}'`);
  return valueOr(runtime.attributeOf(value, key), () => runtime.undefinedValue({ object: value, name: key }));
});

const tojson = builtin("tojson", ["value", "indent?"], (runtime, value, indent = null) => {
  const json = jsonText(value, indent, runtime.budget);
  const safeJson = json.replace(/[<>&']/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
  return new Markup(safeJson);
});

const pprint = builtin("pprint", ["value"], (runtime, value) => prettyText(value, runtime.budget));

const abs = builtin("abs", ["x"], (_runtime, value) => absolute(value), { positionalOnly: 1 });

function absolute(value: Value): Value {
  if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value));
  const integer = asInteger(value);
  if (integer === undefined) throw typeError(`bad operand type for abs(): '${typeNameOf(value)}'`);
  return integer < 0 ? -integer : integer;
}

/** Filters on any value. */
export const valueFilters: readonly (readonly [string, FilterFunction])[] = [
  ["default", defaultFilter],
  ["d", defaultFilter],
  ["escape", escape],
  ["e", escape],
  ["forceescape", forceescape],
  ["safe", safe],
  ["join", join],
  ["attr", attr],
  ["tojson", tojson],
  ["pprint", pprint],
  ["abs", abs],
];
