import { typeError, valueError } from "../errors.ts";
import { builtin } from "../runtime/functions.ts";
import { asString, sliceText, textLength } from "../values/text.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import type { Value } from "../values/value.ts";
import { requirePosition, requireString } from "./arguments.ts";
import { textOfSelf, type NamedMethod } from "./string-self.ts";

const count: NamedMethod = [
  "count",
  builtin(
    "count",
    ["self", "sub", "start?", "end?"],
    (_runtime, value, sub, start, end) => {
      const { text, offset } = section(textOfSelf(value), start, end);
      const part = requireString(sub);
      if (offset < 0) return 0;
      return part === "" ? textLength(text) + 1 : text.split(part).length - 1;
    },
    { positionalOnly: 4 },
  ),
];

/** The methods of `str` that look for a part of the text. */
export const stringSearching: readonly NamedMethod[] = [
  searching("find", false, false),
  searching("rfind", true, false),
  searching("index", false, true),
  searching("rindex", true, true),
  affix("startswith"),
  affix("endswith"),
  count,
];

/** `find` and its like: the position of a part in code points, or -1. */
function searching(name: string, isFromEnd: boolean, mustExist: boolean): NamedMethod {
  const method = builtin(
    name,
    ["self", "sub", "start?", "end?"],
    (_runtime, value, sub, start, end) => {
      const { text, offset } = section(textOfSelf(value), start, end);
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
    const index = requirePosition(value);
    return Math.max(0, index < 0 ? index + length : index);
  };
  const from = clampIndex(start, 0);
  const to = Math.min(length, clampIndex(end, length));
  return from > length || from > to
    ? { text: "", offset: -1 }
    : { text: sliceText(text, from, to), offset: from };
}

function affix(name: "startswith" | "endswith"): NamedMethod {
  const method = builtin(
    name,
    ["self", "prefix", "start?", "end?"],
    (_runtime, value, prefix, start, end) => {
      const { text, offset } = section(textOfSelf(value), start, end);
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
