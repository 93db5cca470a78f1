import { parseFailureLimit } from "./failure-limit.ts";
import { nearestName } from "./nearest-name.ts";
import { parseBoolean, parseDecimal, parseInteger, parseUmask } from "./number-text.ts";
import type { ConfigValue, OptionSpec, OptionType } from "./option-spec.ts";

/** A text turned into a value, or the reason why not. */
export type Coerced =
  | { readonly ok: true; readonly value: ConfigValue }
  /** `expected` follows "must be": `an integer`. */
  | { readonly ok: false; readonly expected: string };

const EXPECTED: Record<OptionType, string> = {
  bool: "one of 1, yes, true, on, 0, no, false, off",
  int: "an integer",
  float: "a number",
  umask: "an octal mask such as 022, or a decimal number",
  limit: "a number of hosts such as 3, or a percentage of 0-100 such as 10%",
  str: "text",
  list: "text",
  path: "text",
};

/**
 * Turns a text into a value of the type, without regard to the option's range. It accepts exactly what Python
 * Scap does, except for `umask`.
 */
export function coerceText(type: OptionType, text: string): Coerced {
  const value = convert(type, text);
  return value === undefined ? { ok: false, expected: EXPECTED[type] } : { ok: true, value };
}

/** What is wrong with the value of an option, to follow its name: `must be an integer, not "x"`. */
export function complaintAbout(spec: OptionSpec, text: string): string | undefined {
  const shown = spec.secret === true ? "what is configured" : JSON.stringify(text);
  const coerced = coerceText(spec.type, text);
  if (!coerced.ok) return `must be ${coerced.expected}, not ${shown}`;
  if (spec.nonEmpty === true && text.trim() === "") return "must not be empty";
  const range = typeof coerced.value === "number" ? complaintAboutRange(spec, coerced.value) : undefined;
  if (range !== undefined) return `must be ${range}, not ${shown}`;
  const choice = spec.choices === undefined ? undefined : complaintAboutChoice(spec.choices, text);
  return choice ?? spec.check?.(text);
}

function complaintAboutChoice(choices: readonly string[], text: string): string | undefined {
  if (choices.includes(text)) return undefined;
  const meant = nearestName(text, choices);
  const advice = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `must be one of ${choices.join(", ")}, not ${JSON.stringify(text)}${advice}`;
}

function convert(type: OptionType, text: string): ConfigValue | undefined {
  switch (type) {
    case "bool":
      return parseBoolean(text);
    case "int":
      return parseInteger(text);
    case "float":
      return parseDecimal(text);
    case "umask":
      return parseUmask(text);
    case "limit":
      return parseFailureLimit(text) === undefined ? undefined : text;
    case "str":
    case "list":
    case "path":
      return text;
  }
}

function complaintAboutRange(spec: OptionSpec, value: number): string | undefined {
  if (Number.isNaN(value)) return "a number";
  const { min, max } = spec;
  if (min !== undefined && max !== undefined && (value < min || value > max)) return `${min} to ${max}`;
  if (min !== undefined && value < min) return `at least ${min}`;
  return max !== undefined && value > max ? `at most ${max}` : undefined;
}
