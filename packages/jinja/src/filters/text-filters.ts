import { filterArgumentError, TemplateRuntimeError, typeError } from "../errors.ts";
import { integerOperand, integerOr, optionalString, requireInteger } from "../methods/arguments.ts";
import { paddedText } from "../methods/padding.ts";
import { replaceText } from "../methods/replace-text.ts";
import { stripTags } from "../methods/strip-tags.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { calculate } from "../values/arithmetic.ts";
import { capitalize } from "../values/casing.ts";
import { PyDict } from "../values/dict.ts";
import { sizeOf } from "../values/iteration.ts";
import { escapeHtml, escapeValue, isHtml, Markup } from "../values/markup.ts";
import { inOrder } from "../values/ordering.ts";
import { formatPercent } from "../values/percent-format.ts";
import { textOf } from "../values/repr.ts";
import { splitLines, strip } from "../values/splitting.ts";
import { asString, codePoints } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { sliceOf } from "../values/slicing.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import { refuseUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";
import { SPACE_CLASS } from "../syntax/white-space.ts";
import { wrapText } from "./text-wrap.ts";

/** A text filter: takes the text form of any value and gives markup for markup. */
function onText(
  name: string,
  change: (text: string, runtime: Runtime) => string,
): readonly [string, FilterFunction] {
  const filter = builtin(name, ["s"], (runtime, value) => {
    const text = textOf(value);
    runtime.budget.allocate(text.length);
    return like(value, change(text, runtime));
  });
  return [name, filter];
}

function like(value: Value, text: string): Value {
  return value instanceof Markup ? new Markup(text) : text;
}

const WORD_START = new RegExp(`([-${SPACE_CLASS}({\\[<]+)`);

function titleWords(text: string): string {
  return text
    .split(WORD_START)
    .map((word) => {
      const [first = "", ...rest] = codePoints(word);
      return first.toUpperCase() + rest.join("").toLowerCase();
    })
    .join("");
}

const trim = builtin("trim", ["value", "chars?"], (_runtime, value, characters) => {
  const text = textOf(value);
  const set = optionalString(characters);
  // Like all arguments of methods of markup, the characters are escaped.
  const escaped = set !== undefined && value instanceof Markup ? escapeHtml(set) : set;
  return like(value, strip(text, "both", escaped));
});

const center = builtin("center", ["value", "width?"], (runtime, value, width) =>
  like(value, paddedText(textOf(value), integerOr(width, 80), "both", { fill: " ", budget: runtime.budget })),
);

const replace = builtin(
  "replace",
  ["s", "old", "new", "count?"],
  (runtime, value, old, replacement, count = null) => {
    const { budget } = runtime;
    const limit = (): number => (count === null ? -1 : requireInteger(count));
    if (!runtime.autoescape)
      return replaceText(textOf(value), textOf(old), textOf(replacement), { budget, count: limit() });
    const options = { budget, count: limit() };
    const escapes = isHtml(old) || (isHtml(replacement) && !isHtml(value));
    const subject: Value = escapes ? escapeValue(value) : value;
    if (!(subject instanceof Markup))
      return replaceText(textOf(subject), textOf(old), textOf(replacement), options);
    return new Markup(
      replaceText(subject.html, escapeValue(old).html, escapeValue(replacement).html, options),
    );
  },
);

const format: FilterFunction = (runtime, [value = null, ...args], kwargs) => {
  if (args.length > 0 && kwargs.size > 0) {
    throw filterArgumentError("can't handle positional and keyword arguments at the same time");
  }
  const argument = kwargs.size > 0 ? new PyDict(kwargs) : new PyTuple(args);
  return formatPercent(textOf(value), argument, { budget: runtime.budget, escape: isHtml(value) });
};

const indent = builtin(
  "indent",
  ["s", "width?", "first?", "blank?"],
  (runtime, value, width = 4, first = false, blank = false) => {
    const indention = asString(width) ?? " ".repeat(spaces(width, runtime));
    if (Array.isArray(value)) throw noAttribute(value, "splitlines");
    const text = asString(calculate("+", value, "\n", runtime.budget));
    if (text === undefined) throw typeError(`can only concatenate str (not "${typeNameOf(value)}") to str`);
    const lines = splitLines(text);
    runtime.budget.allocate(text.length + indention.length * lines.length);
    const [head = "", ...rest] = lines;
    const indented = rest.map((line) => (isTrue(blank) || line !== "" ? indention + line : line));
    return like(value, (isTrue(first) ? indention : "") + [head, ...indented].join("\n"));
  },
);

function spaces(width: Value, runtime: Runtime): number {
  const count = Math.max(0, integerOperand(width));
  runtime.budget.allocate(count);
  return count;
}

const truncate = builtin(
  "truncate",
  ["s", "length?", "killwords?", "end?", "leeway?"],
  (runtime, value, length = 255, killWords = false, end = "...", leeway = null) => {
    const { budget } = runtime;
    const slack = leeway ?? 5;
    const endSize = sizeOf(end);
    if (!inOrder(length, ">=", endSize))
      throw assertion(`expected length >= ${endSize}, got ${textOf(length)}`);
    if (!inOrder(slack, ">=", 0)) throw assertion(`expected leeway >= 0, got ${textOf(slack)}`);
    if (inOrder(sizeOf(value), "<=", calculate("+", length, slack, budget))) return value;
    const stop = calculate("-", length, endSize, budget);
    const start = sliceOf(value, { start: null, stop, step: null }, budget);
    return calculate("+", isTrue(killWords) ? start : withoutLastWord(start), end, budget);
  },
);

/** A text up to its last blank. */
function withoutLastWord(value: Value): Value {
  const text = asString(value);
  if (text === undefined) throw noAttribute(value, "rsplit");
  const space = text.lastIndexOf(" ");
  return space < 0 ? value : like(value, text.slice(0, space));
}

function noAttribute(value: Value, name: string): TemplateRuntimeError {
  const detail = `'${typeNameOf(value)}' object has no attribute '${name}'`;
  return new TemplateRuntimeError("AttributeError", detail);
}

function assertion(detail: string): TemplateRuntimeError {
  return new TemplateRuntimeError("AssertionError", detail);
}

const wordwrap = builtin(
  "wordwrap",
  ["s", "width?", "break_long_words?", "wrapstring?", "break_on_hyphens?"],
  (runtime, value, width = 79, breakLongWords = true, wrapString = null, breakOnHyphens = true) => {
    // Python looks the separator's method up first, then the text's, and at the width with the first line.
    const separator = wrapString === null ? runtime.services.newlineSequence : joiningText(wrapString);
    refuseUndefined(value, null);
    const text = asString(value);
    if (text === undefined) throw noAttribute(value, "splitlines");
    runtime.budget.spend(text.length >>> 3);
    const options = {
      width,
      breaksLongWords: isTrue(breakLongWords),
      breaksOnHyphens: isTrue(breakOnHyphens),
    };
    return splitLines(text)
      .map((line) => wrapText(line, options).join(separator))
      .join(separator);
  },
);

function joiningText(separator: Value): string {
  refuseUndefined(separator, null);
  const text = asString(separator);
  if (text === undefined) throw noAttribute(separator, "join");
  return text;
}

const wordcount = builtin(
  "wordcount",
  ["s"],
  (_runtime, value) => textOf(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
);

const striptags = builtin("striptags", ["value"], (_runtime, value) => stripTags(textOf(value)));

const string = builtin("soft_str", ["s"], (_runtime, value) =>
  asString(value) === undefined ? textOf(value) : value,
);

/** Filters on text. */
export const textFilters: readonly (readonly [string, FilterFunction])[] = [
  onText("upper", (text) => text.toUpperCase()),
  onText("lower", (text) => text.toLowerCase()),
  onText("capitalize", capitalize),
  ["title", builtin("title", ["s"], (_runtime, value) => titleWords(textOf(value)))],
  ["trim", trim],
  ["center", center],
  ["replace", replace],
  ["format", format],
  ["indent", indent],
  ["truncate", truncate],
  ["wordwrap", wordwrap],
  ["wordcount", wordcount],
  ["striptags", striptags],
  ["string", string],
];
