import { lazyPattern } from "../lazy-pattern.ts";
import { valueError } from "../errors.ts";
import type { Value } from "./value.ts";

// Python refuses to print longer integers, because that takes quadratic time.
const MAX_INT_DIGITS = 4300;
const MAX_INT = 10n ** BigInt(MAX_INT_DIGITS);

/** The containers that are being printed, so that one that holds itself prints `[...]`. */
export class ReprState {
  readonly #open = new Set<object>();

  /** Runs `print` unless `container` is being printed already; then returns `recursive`. */
  guard(container: object, recursive: string, print: () => string): string {
    if (this.#open.has(container)) return recursive;
    this.#open.add(container);
    const text = print();
    this.#open.delete(container);
    return text;
  }
}

/** Python's `repr(value)`. */
export function reprOf(value: Value, state: ReprState = new ReprState()): string {
  switch (typeof value) {
    case "string":
      return reprString(value);
    case "number":
      return String(value);
    case "bigint":
      return integerText(value);
    case "boolean":
      return value ? "True" : "False";
    default:
  }
  if (value === null) return "None";
  if (Array.isArray(value)) return state.guard(value, "[...]", () => `[${reprMembers(value, state)}]`);
  return value.repr(state);
}

/** The members' `repr`, joined by a comma and a space. */
export function reprMembers(values: readonly Value[], state: ReprState): string {
  return values.map((value) => reprOf(value, state)).join(", ");
}

/** Python's `str(value)`: what `{{ value }}` prints. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return reprOf(value);
  return value.text() ?? value.repr(new ReprState());
}

/** The digits of a big integer. @throws TemplateRuntimeError (`ValueError`) beyond 4300 digits, as Python does. */
export function integerText(value: bigint): string {
  if (value >= MAX_INT || value <= -MAX_INT) {
    throw valueError(`Exceeds the limit (${MAX_INT_DIGITS} digits) for integer string conversion`);
  }
  return value.toString();
}

// What str.isprintable() accepts beyond ASCII. The other categories are control characters, blanks and what is not
// assigned, which take much longer to build.
const PRINTABLE = lazyPattern(() => /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u);
const PRINTABLE_ASCII = /^[ -~]$/;
const PLAIN = /^[ !#-&(-[\]-~]*$/;
const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

/** `repr()` of a string. */
export function reprString(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const character of text) result += escapeCharacter(character, quote);
  return result + quote;
}

function escapeCharacter(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  if (PRINTABLE_ASCII.test(character) || PRINTABLE().test(character)) return character;
  return escapeCodePoint(character.codePointAt(0) ?? 0);
}

/** `\xNN`, `\uNNNN` or `\UNNNNNNNN`. */
export function escapeCodePoint(codePoint: number): string {
  const hex = codePoint.toString(16);
  if (codePoint < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return codePoint < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** `ascii(value)`: `repr` with every character beyond ASCII escaped. */
export function asciiOf(value: Value): string {
  let result = "";
  for (const character of reprOf(value)) {
    const codePoint = character.codePointAt(0) ?? 0;
    result += codePoint < 0x80 ? character : escapeCodePoint(codePoint);
  }
  return result;
}
