import { typeError, valueError } from "../errors.ts";
import { builtin } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { listOf } from "../values/iteration.ts";
import { splitLines, splitOn, splitOnFromEnd, splitSpaces, splitSpacesFromEnd } from "../values/splitting.ts";
import { asString } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Value } from "../values/value.ts";
import { integerOr, optionalString, requireInteger, requireString } from "./arguments.ts";
import { textOfSelf, type NamedMethod } from "./string-self.ts";

/** The methods of `str` that take a text apart, and `join`. */
export const stringSplitting: readonly NamedMethod[] = [
  splitting("split"),
  splitting("rsplit"),
  partitioning("partition"),
  partitioning("rpartition"),
  [
    "splitlines",
    builtin(
      "splitlines",
      ["self", "keepends?"],
      (_runtime, value, keep = false) => splitLines(textOfSelf(value), requireInteger(keep) !== 0),
      { positionalOnly: 1 },
    ),
  ],
  [
    "join",
    builtin(
      "join",
      ["self", "iterable"],
      (runtime, value, items) => joinTexts(textOfSelf(value), items, runtime),
      {
        positionalOnly: 2,
      },
    ),
  ],
];

function splitting(name: "split" | "rsplit"): NamedMethod {
  const method = builtin(
    name,
    ["self", "sep?", "maxsplit?"],
    (runtime, value, separator, maximum) => {
      const limit = integerOr(maximum, -1);
      const text = textOfSelf(value);
      const on = optionalString(separator);
      if (on === "") throw valueError("empty separator");
      runtime.budget.allocate(text.length);
      if (on === undefined)
        return name === "split" ? splitSpaces(text, limit) : splitSpacesFromEnd(text, limit);
      return name === "split" ? splitOn(text, on, limit) : splitOnFromEnd(text, on, limit);
    },
    { positionalOnly: 1 },
  );
  return [name, method];
}

function partitioning(name: "partition" | "rpartition"): NamedMethod {
  const method = builtin(
    name,
    ["self", "sep"],
    (_runtime, value, separator) => {
      const text = textOfSelf(value);
      const on = requireString(separator);
      if (on === "") throw valueError("empty separator");
      const index = name === "partition" ? text.indexOf(on) : text.lastIndexOf(on);
      if (index < 0) return new PyTuple(name === "partition" ? [text, "", ""] : ["", "", text]);
      return new PyTuple([text.slice(0, index), on, text.slice(index + on.length)]);
    },
    { positionalOnly: 2 },
  );
  return [name, method];
}

function joinTexts(separator: string, items: Value, runtime: Runtime): string {
  const texts = listOf(items, runtime).map((item, index) => {
    const text = asString(item);
    if (text === undefined)
      throw typeError(`sequence item ${index}: expected str instance, ${typeNameOf(item)} found`);
    return text;
  });
  const result = texts.join(separator);
  runtime.budget.allocate(result.length);
  return result;
}
