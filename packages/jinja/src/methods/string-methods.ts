import { typeError, valueError } from "../errors.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { PyBytes } from "../values/bytes.ts";
import { capitalize, isLower, isTitle, isUpper, swapCase, titleCase } from "../values/casing.ts";
import { PyDict } from "../values/dict.ts";
import { listOf } from "../values/iteration.ts";
import { formatBraces } from "../values/str-format.ts";
import {
  isSpace,
  splitLines,
  splitOn,
  splitOnFromEnd,
  splitSpaces,
  splitSpacesFromEnd,
  strip,
} from "../values/splitting.ts";
import { asString, codePoints, sliceText, textLength } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Value } from "../values/value.ts";
import { integerOr, optionalString, requireInteger, requireString, unsupported } from "./arguments.ts";
import { replaceText } from "./replace-text.ts";
import { paddedText } from "./padding.ts";

const self = (value: Value): string => asString(value) ?? "";

/** A method without arguments. */
function simple(name: string, apply: (text: string) => Value): [string, FilterFunction] {
  return [name, builtin(name, ["self"], (_runtime, value) => apply(self(value)), { positionalOnly: 1 })];
}

/** Methods whose results are texts made from the text itself. */
const changing: [string, FilterFunction][] = [
  simple("upper", (text) => text.toUpperCase()),
  simple("lower", (text) => text.toLowerCase()),
  simple("casefold", (text) => text.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ")),
  simple("title", titleCase),
  simple("capitalize", capitalize),
  simple("swapcase", swapCase),
];

const testing: [string, FilterFunction][] = [
  simple("isdigit", (text) => /^[\p{Nd}²³¹\u1369-\u1371\u19da⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒]+$/u.test(text)),
  simple("isdecimal", (text) => /^\p{Nd}+$/u.test(text)),
  simple("isnumeric", (text) => /^[\p{N}〇一二三四五六七八九十百千万億兆零]+$/u.test(text)),
  simple("isalpha", (text) => /^\p{L}+$/u.test(text)),
  simple("isalnum", (text) => /^[\p{L}\p{N}]+$/u.test(text)),
  simple("isspace", isSpace),
  simple("islower", isLower),
  simple("isupper", isUpper),
  simple("istitle", isTitle),
  simple("isascii", (text) => /^[\0-\x7f]*$/.test(text)),
  simple("isidentifier", (text) => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(text)),
  simple("isprintable", (text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text)),
];

function stripping(name: string, side: "left" | "right" | "both"): [string, FilterFunction] {
  const method = builtin(
    name,
    ["self", "chars?"],
    (_runtime, value, characters) => strip(self(value), side, optionalString(characters)),
    { positionalOnly: 2 },
  );
  return [name, method];
}

function padding(name: string, side: "left" | "right" | "both"): [string, FilterFunction] {
  const method = builtin(
    name,
    ["self", "width", "fillchar?"],
    (runtime, value, width, fill = " ") => {
      const fillText = requireString(fill);
      if (textLength(fillText) !== 1)
        throw typeError("The fill character must be exactly one character long");
      return paddedText(self(value), requireInteger(width), side, { fill: fillText, budget: runtime.budget });
    },
    { positionalOnly: 3 },
  );
  return [name, method];
}

/** `find` and its like: the position of a part in code points, or -1. */
function searching(name: string, isFromEnd: boolean, mustExist: boolean): [string, FilterFunction] {
  const method = builtin(
    name,
    ["self", "sub", "start?", "end?"],
    (_runtime, value, sub, start, end) => {
      const { text, offset } = section(self(value), start, end);
      const part = requireString(sub);
      const index = offset < 0 ? -1 : isFromEnd ? text.lastIndexOf(part) : text.indexOf(part);
      if (index >= 0) return offset + textLength(text.slice(0, index));
      if (mustExist) throw valueError("substring not found");
      return -1;
    },
    { positionalOnly: 4 },
  );
  return [name, method];
}

/** `text[start:end]` and where it starts; `offset` is -1 when the section lies behind the end. */
function section(
  text: string,
  start: Value | undefined,
  end: Value | undefined,
): { text: string; offset: number } {
  const length = textLength(text);
  const clampIndex = (value: Value | undefined, fallback: number): number => {
    if (value === undefined || value === null) return fallback;
    const index = requireInteger(value);
    return Math.max(0, index < 0 ? index + length : index);
  };
  const from = clampIndex(start, 0);
  const to = Math.min(length, clampIndex(end, length));
  return from > length || from > to
    ? { text: "", offset: -1 }
    : { text: sliceText(text, from, to), offset: from };
}

function affix(name: "startswith" | "endswith"): [string, FilterFunction] {
  const method = builtin(
    name,
    ["self", "prefix", "start?", "end?"],
    (_runtime, value, prefix, start, end) => {
      const { text, offset } = section(self(value), start, end);
      const candidates = prefix instanceof PyTuple ? prefix.items : [prefix];
      return candidates.some((candidate) => {
        const part = asString(candidate);
        if (part === undefined) {
          throw typeError(`${name} first arg must be str or a tuple of str, not ${typeNameOf(candidate)}`);
        }
        return offset >= 0 && (name === "startswith" ? text.startsWith(part) : text.endsWith(part));
      });
    },
    { positionalOnly: 4 },
  );
  return [name, method];
}

function splitting(name: "split" | "rsplit"): [string, FilterFunction] {
  const method = builtin(
    name,
    ["self", "sep?", "maxsplit?"],
    (runtime, value, separator, maximum) => {
      const limit = integerOr(maximum, -1);
      const text = self(value);
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

function partitioning(name: "partition" | "rpartition"): [string, FilterFunction] {
  const method = builtin(
    name,
    ["self", "sep"],
    (_runtime, value, separator) => {
      const text = self(value);
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

const others: [string, FilterFunction][] = [
  [
    "replace",
    builtin(
      "replace",
      ["self", "old", "new", "count?"],
      (runtime, value, old, replacement, count) =>
        replaceText(self(value), requireString(old), requireString(replacement), {
          count: integerOr(count, -1),
          budget: runtime.budget,
        }),
      { positionalOnly: 4 },
    ),
  ],
  [
    "count",
    builtin(
      "count",
      ["self", "sub", "start?", "end?"],
      (_runtime, value, sub, start, end) => {
        const { text, offset } = section(self(value), start, end);
        const part = requireString(sub);
        if (offset < 0) return 0;
        return part === "" ? textLength(text) + 1 : text.split(part).length - 1;
      },
      { positionalOnly: 4 },
    ),
  ],
  [
    "join",
    builtin("join", ["self", "iterable"], (runtime, value, items) => joinTexts(self(value), items, runtime), {
      positionalOnly: 2,
    }),
  ],
  [
    "zfill",
    builtin(
      "zfill",
      ["self", "width"],
      (runtime, value, width) => zeroFill(self(value), requireInteger(width), runtime),
      { positionalOnly: 2 },
    ),
  ],
  [
    "splitlines",
    builtin(
      "splitlines",
      ["self", "keepends?"],
      (_runtime, value, keep = false) => splitLines(self(value), isTrue(keep)),
      { positionalOnly: 1 },
    ),
  ],
  [
    "expandtabs",
    builtin(
      "expandtabs",
      ["self", "tabsize?"],
      (runtime, value, size) => expandTabs(self(value), integerOr(size, 8), runtime),
      { positionalOnly: 1 },
    ),
  ],
  [
    "removeprefix",
    builtin(
      "removeprefix",
      ["self", "prefix"],
      (_runtime, value, prefix) => {
        const part = requireString(prefix);
        return self(value).startsWith(part) ? self(value).slice(part.length) : self(value);
      },
      { positionalOnly: 2 },
    ),
  ],
  [
    "removesuffix",
    builtin(
      "removesuffix",
      ["self", "suffix"],
      (_runtime, value, suffix) => {
        const part = requireString(suffix);
        return part !== "" && self(value).endsWith(part) ? self(value).slice(0, -part.length) : self(value);
      },
      { positionalOnly: 2 },
    ),
  ],
  [
    "encode",
    builtin(
      "encode",
      ["self", "encoding?", "errors?"],
      (_runtime, value, encoding = "utf-8") => encode(self(value), requireString(encoding)),
      { positionalOnly: 1 },
    ),
  ],
  [
    "format",
    (runtime, [value = "", ...args], kwargs) =>
      formatBraces(self(value), { args, kwargs, runtime, escape: false }),
  ],
  [
    "format_map",
    (runtime, [value = "", mapping = null]) => {
      if (!(mapping instanceof PyDict)) throw typeError("format_map() wants a mapping");
      const kwargs = new Map([...mapping.entries()].map(([key, item]) => [asString(key) ?? "", item]));
      return formatBraces(self(value), { args: [], kwargs, runtime, escape: false });
    },
  ],
  ["translate", unsupported("str", "translate")],
  ["maketrans", unsupported("str", "maketrans")],
];

/** The methods of `str`. */
export const stringMethods: ReadonlyMap<string, FilterFunction> = new Map([
  ...changing,
  ...testing,
  stripping("strip", "both"),
  stripping("lstrip", "left"),
  stripping("rstrip", "right"),
  padding("center", "both"),
  padding("ljust", "right"),
  padding("rjust", "left"),
  searching("find", false, false),
  searching("rfind", true, false),
  searching("index", false, true),
  searching("rindex", true, true),
  affix("startswith"),
  affix("endswith"),
  splitting("split"),
  splitting("rsplit"),
  partitioning("partition"),
  partitioning("rpartition"),
  ...others,
]);

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

function zeroFill(text: string, width: number, runtime: Runtime): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  runtime.budget.allocate(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
}

function expandTabs(text: string, size: number, runtime: Runtime): string {
  let column = 0;
  return codePoints(text)
    .map((character) => {
      if (character !== "\t") {
        column = character === "\n" || character === "\r" ? 0 : column + 1;
        return character;
      }
      const width = size > 0 ? size - (column % size) : 0;
      runtime.budget.allocate(width);
      column += width;
      return " ".repeat(width);
    })
    .join("");
}

function encode(text: string, encoding: string): PyBytes {
  const name = encoding.toLowerCase().replaceAll("_", "-");
  if (name === "utf-8" || name === "utf8") return new PyBytes(new TextEncoder().encode(text));
  const limit = name === "ascii" ? 0x80 : name === "latin-1" || name === "iso-8859-1" ? 0x100 : 0;
  if (limit === 0) throw valueError(`unknown encoding: ${encoding}`);
  const codes = codePoints(text).map((character) => character.codePointAt(0) ?? 0);
  if (codes.some((code) => code >= limit)) throw valueError(`'${name}' codec can't encode characters`);
  return new PyBytes(Uint8Array.from(codes));
}
