import { typeError, valueError } from "../errors.ts";
import { builtin } from "../runtime/functions.ts";
import { findItem } from "../runtime/member-access.ts";
import { PyDict } from "../values/dict.ts";
import { asInteger } from "../values/integers.ts";
import { asString, codePoints } from "../values/text.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Value } from "../values/value.ts";
import { requireString } from "./arguments.ts";
import { textOfSelf, type NamedMethod } from "./string-self.ts";

/** The methods of `str` that exchange single characters. */
export const stringTranslation: readonly NamedMethod[] = [
  [
    "translate",
    builtin(
      "translate",
      ["self", "table"],
      (_runtime, value, table) =>
        codePoints(textOfSelf(value))
          .map((character) => replacement(character, table))
          .join(""),
      { positionalOnly: 2 },
    ),
  ],
  [
    "maketrans",
    builtin(
      "maketrans",
      ["self", "x", "y?", "z?"],
      (_runtime, _value, from, to, removed) =>
        to === undefined
          ? tableOf(from)
          : tableOfTexts(
              requireString(from),
              requireString(to),
              removed === undefined ? "" : requireString(removed),
            ),
      { positionalOnly: 4 },
    ),
  ],
];

function replacement(character: string, table: Value): string {
  const isSubscriptable = table instanceof PyDict || Array.isArray(table) || asString(table) !== undefined;
  if (!isSubscriptable) throw typeError(`'${typeNameOf(table)}' object is not subscriptable`);
  const found = findItem(table, codeOf(character));
  if (found === undefined) return character;
  if (found === null) return "";
  const code = asInteger(found);
  const text = code === undefined ? asString(found) : characterOf(Number(code));
  if (text === undefined) throw typeError("character mapping must return integer, None or str");
  return text;
}

function tableOf(mapping: Value): PyDict {
  if (!(mapping instanceof PyDict))
    throw typeError("if you give only one argument to maketrans it must be a dict");
  return new PyDict(Array.from(mapping.entries(), ([key, value]) => [keyOf(key), value]));
}

function keyOf(key: Value): Value {
  const text = asString(key);
  if (text === undefined) {
    if (asInteger(key) === undefined) throw typeError("keys in translate table must be strings or integers");
    return key;
  }
  if (codePoints(text).length !== 1) throw valueError("string keys in translate table must be of length 1");
  return codeOf(text);
}

function tableOfTexts(from: string, to: string, removed: string): PyDict {
  const [keys, values] = [codePoints(from), codePoints(to)];
  if (keys.length !== values.length)
    throw valueError("the first two maketrans arguments must have equal length");
  const table = new PyDict();
  for (const [index, key] of keys.entries()) table.set(codeOf(key), codeOf(values[index] ?? ""));
  for (const character of codePoints(removed)) table.set(codeOf(character), null);
  return table;
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function characterOf(code: number): string {
  if (code < 0 || code > 0x10ffff) throw valueError("character mapping must be in range(0x110000)");
  return String.fromCodePoint(code);
}
