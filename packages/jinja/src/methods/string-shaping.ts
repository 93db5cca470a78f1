import { typeError } from "../errors.ts";
import { builtin } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { capitalize, caseFold, swapCase, titleCase } from "../values/casing.ts";
import { strip } from "../values/splitting.ts";
import { codePoints, textLength } from "../values/text.ts";
import { integerOr, optionalString, requireInteger, requireString } from "./arguments.ts";
import { paddedText } from "./padding.ts";
import { replaceText } from "./replace-text.ts";
import { simpleMethod, textOfSelf, type NamedMethod } from "./string-self.ts";

/** The methods of `str` that give the text in another shape. */
export const stringShaping: readonly NamedMethod[] = [
  simpleMethod("upper", (text) => text.toUpperCase()),
  simpleMethod("lower", (text) => text.toLowerCase()),
  simpleMethod("casefold", caseFold),
  simpleMethod("title", titleCase),
  simpleMethod("capitalize", capitalize),
  simpleMethod("swapcase", swapCase),
  stripping("strip", "both"),
  stripping("lstrip", "left"),
  stripping("rstrip", "right"),
  padding("center", "both"),
  padding("ljust", "right"),
  padding("rjust", "left"),
  [
    "replace",
    builtin(
      "replace",
      ["self", "old", "new", "count?"],
      (runtime, value, old, replacement, count) =>
        replaceText(textOfSelf(value), requireString(old), requireString(replacement), {
          count: integerOr(count, -1),
          budget: runtime.budget,
        }),
      { positionalOnly: 4 },
    ),
  ],
  [
    "zfill",
    builtin(
      "zfill",
      ["self", "width"],
      (runtime, value, width) => zeroFill(textOfSelf(value), requireInteger(width), runtime),
      { positionalOnly: 2 },
    ),
  ],
  [
    "expandtabs",
    builtin(
      "expandtabs",
      ["self", "tabsize?"],
      (runtime, value, size) => expandTabs(textOfSelf(value), integerOr(size, 8), runtime),
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
        return textOfSelf(value).startsWith(part) ? textOfSelf(value).slice(part.length) : textOfSelf(value);
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
        return part !== "" && textOfSelf(value).endsWith(part)
          ? textOfSelf(value).slice(0, -part.length)
          : textOfSelf(value);
      },
      { positionalOnly: 2 },
    ),
  ],
];

function stripping(name: string, side: "left" | "right" | "both"): NamedMethod {
  const method = builtin(
    name,
    ["self", "chars?"],
    (_runtime, value, characters) => strip(textOfSelf(value), side, optionalString(characters)),
    { positionalOnly: 2 },
  );
  return [name, method];
}

function padding(name: string, side: "left" | "right" | "both"): NamedMethod {
  const method = builtin(
    name,
    ["self", "width", "fillchar?"],
    (runtime, value, width, fill = " ") => {
      const fillText = requireString(fill);
      if (textLength(fillText) !== 1)
        throw typeError("The fill character must be exactly one character long");
      return paddedText(textOfSelf(value), requireInteger(width), side, {
        fill: fillText,
        budget: runtime.budget,
      });
    },
    { positionalOnly: 3 },
  );
  return [name, method];
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
