import { filterArgumentError, TemplateRuntimeError, typeError } from "../errors.ts";
import { integerOr, optionalString, requireInteger, requireString } from "../methods/arguments.ts";
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
import { formatPercent } from "../values/percent-format.ts";
import { textOf } from "../values/repr.ts";
import { splitLines, strip } from "../values/splitting.ts";
import { asString, codePoints, sliceText, textLength } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";
import { SPACE_CLASS } from "../syntax/lexer-rules.ts";
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
  const set = optionalString(characters);
  // Like all arguments of methods of markup, the characters are escaped.
  const escaped = set !== undefined && value instanceof Markup ? escapeHtml(set) : set;
  return like(value, strip(textOf(value), "both", escaped));
});

const center = builtin("center", ["value", "width?"], (runtime, value, width) =>
  like(value, paddedText(textOf(value), integerOr(width, 80), "both", { fill: " ", budget: runtime.budget })),
);

const replace = builtin(
  "replace",
  ["s", "old", "new", "count?"],
  (runtime, value, old, replacement, count = null) => {
    const options = { count: count === null ? -1 : requireInteger(count), budget: runtime.budget };
    if (!runtime.autoescape) return replaceText(textOf(value), textOf(old), textOf(replacement), options);
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
    if (Array.isArray(value)) throw noSplitlines(value);
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
  const count = Math.max(0, requireInteger(width));
  runtime.budget.allocate(count);
  return count;
}

const truncate = builtin(
  "truncate",
  ["s", "length?", "killwords?", "end?", "leeway?"],
  (_runtime, value, length, killWords = false, end = "...", leeway = null) => {
    const limit = integerOr(length, 255);
    const tail = requireString(end);
    const tailLength = textLength(tail);
    const slack = leeway === null ? 5 : requireInteger(leeway);
    if (limit < tailLength) throw assertion(`expected length >= ${tailLength}, got ${limit}`);
    if (slack < 0) throw assertion(`expected leeway >= 0, got ${slack}`);
    if (sizeOf(value) <= limit + slack) return value;
    const text = asString(value);
    if (text === undefined) throw cannotTruncate(value, isTrue(killWords));
    const cut = sliceText(text, 0, limit - tailLength);
    const space = isTrue(killWords) ? -1 : cut.lastIndexOf(" ");
    const shownTail = value instanceof Markup ? escapeValue(end).html : tail;
    return like(value, (space < 0 ? cut : cut.slice(0, space)) + shownTail);
  },
);

function cannotTruncate(value: Value, killsWords: boolean): TemplateRuntimeError {
  const canBeCut = Array.isArray(value) || value instanceof PyTuple;
  if (!canBeCut || killsWords) return typeError(`can only truncate text, not ${typeNameOf(value)}`);
  return new TemplateRuntimeError(
    "AttributeError",
    `'${typeNameOf(value)}' object has no attribute 'rsplit'`,
  );
}

function noSplitlines(value: Value): TemplateRuntimeError {
  return new TemplateRuntimeError(
    "AttributeError",
    `'${typeNameOf(value)}' object has no attribute 'splitlines'`,
  );
}

function assertion(detail: string): TemplateRuntimeError {
  return new TemplateRuntimeError("AssertionError", detail);
}

const wordwrap = builtin(
  "wordwrap",
  ["s", "width?", "break_long_words?", "wrapstring?", "break_on_hyphens?"],
  (runtime, value, width, breakLongWords = true, wrapString = null, breakOnHyphens = true) => {
    if (value instanceof PyUndefined) value.fail();
    const separator = wrapString === null ? runtime.services.newlineSequence : requireString(wrapString);
    const options = {
      width: integerOr(width, 79),
      breaksLongWords: isTrue(breakLongWords),
      breaksOnHyphens: isTrue(breakOnHyphens),
    };
    const text = asString(value);
    if (text === undefined) {
      throw new TemplateRuntimeError(
        "AttributeError",
        `'${typeNameOf(value)}' object has no attribute 'splitlines'`,
      );
    }
    runtime.budget.spend(text.length >>> 3);
    return splitLines(text)
      .map((line) => wrapText(line, options).join(separator))
      .join(separator);
  },
);

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
