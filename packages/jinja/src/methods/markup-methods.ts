import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { listOf } from "../values/iteration.ts";
import { escapeValue, isHtml, Markup } from "../values/markup.ts";
import { formatBraces } from "../values/str-format.ts";
import { asString } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";
import type { Value } from "../values/value.ts";
import { stringMethods } from "./string-methods.ts";
import { stripTags, unescapeHtml } from "./strip-tags.ts";

// Their arguments are escaped and their results are markup again.
const ESCAPING = [
  "capitalize",
  "title",
  "lower",
  "upper",
  "replace",
  "ljust",
  "rjust",
  "lstrip",
  "rstrip",
  "center",
  "strip",
  "translate",
  "expandtabs",
  "swapcase",
  "zfill",
  "casefold",
  "removeprefix",
  "removesuffix",
];
// Their results hold markup.
const SPLITTING = ["split", "rsplit", "splitlines", "partition", "rpartition"];

function escaped(value: Value): Value {
  return asString(value) !== undefined || isHtml(value) ? escapeValue(value).html : value;
}

function toMarkup(value: Value): Value {
  if (typeof value === "string") return new Markup(value);
  if (Array.isArray(value)) return value.map(toMarkup);
  return value instanceof PyTuple ? new PyTuple(value.items.map(toMarkup)) : value;
}

function wrap(name: string, escapesArguments: boolean): [string, FilterFunction][] {
  const method = stringMethods.get(name);
  if (method === undefined) return [];
  return [
    [
      name,
      (runtime, [self = "", ...args], kwargs) =>
        toMarkup(method(runtime, [self, ...(escapesArguments ? args.map(escaped) : args)], kwargs)),
    ],
  ];
}

function join(runtime: Runtime, self: Value, items: Value): Value {
  const texts = listOf(items, runtime).map((item) => escapeValue(item).html);
  return new Markup(texts.join(asString(self) ?? ""));
}

/** The methods of `Markup`: those of `str`, with escaped arguments and results that are markup. */
export const markupMethods: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ...stringMethods,
  ...ESCAPING.flatMap((name) => wrap(name, true)),
  ...SPLITTING.flatMap((name) => wrap(name, false)),
  ["join", builtin("join", ["self", "seq"], join)],
  ["escape", builtin("escape", ["self", "s"], (_runtime, _self, text) => escapeValue(text))],
  [
    "format",
    (runtime, [self = "", ...args], kwargs) =>
      new Markup(formatBraces(asString(self) ?? "", { args, kwargs, runtime, escape: true })),
  ],
  ["striptags", builtin("striptags", ["self"], (_runtime, self) => stripTags(asString(self) ?? ""))],
  ["unescape", builtin("unescape", ["self"], (_runtime, self) => unescapeHtml(asString(self) ?? ""))],
]);
