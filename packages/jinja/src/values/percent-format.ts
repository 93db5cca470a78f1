import { TemplateRuntimeError, typeError, valueError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { PyDict } from "./dict.ts";
import { PyFloat } from "./float.ts";
import { formatMagnitude } from "./float-format.ts";
import { asInteger, floatToInteger, integerToFloat, type Integer } from "./integers.ts";
import { escapeValue, escapeHtml, Markup } from "./markup.ts";
import { asciiOf, integerText, reprOf, textOf } from "./repr.ts";
import { asString, sliceText, textLength } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeNameOf } from "./type-name.ts";
import { PyUndefined, refuseUndefined } from "./undefined.ts";
import type { Value } from "./value.ts";

/** Settings of {@link formatPercent}. */
export interface PercentFormatOptions {
  readonly budget: Budget;
  /** Escapes the arguments and returns markup. */
  readonly escape: boolean;
}

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/** Python's `text % argument`. */
export function formatPercent(
  text: string,
  argument: Value,
  { budget, escape }: PercentFormatOptions,
): Value {
  const formatter = new PercentFormatter(text, argument, budget, escape);
  const result = formatter.format();
  return escape ? new Markup(result) : result;
}

const CONVERSION =
  /%(?:\((?<key>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\))?(?<flags>[-0+ #]*)(?<width>\*|\d*)(?:\.(?<precision>\*|\d*))?[hlL]?(?<type>.)?/gsu;

class PercentFormatter {
  readonly #text: string;
  readonly #argument: Value;
  readonly #budget: Budget;
  readonly #escape: boolean;
  #used = 0;
  #single: readonly Value[];

  constructor(text: string, argument: Value, budget: Budget, escape: boolean) {
    this.#text = text;
    this.#argument = argument;
    this.#budget = budget;
    this.#escape = escape;
    this.#single = argument instanceof PyTuple ? argument.items : [argument];
  }

  format(): string {
    const result = this.#text.replace(CONVERSION, (...match) => {
      const groups: Record<string, string | undefined> = match[match.length - 1];
      const [whole] = match as [string, ...unknown[]];
      if (whole === "%%") return "%";
      if (whole === "%(") throw this.#isMapping() ? valueError("incomplete format key") : notAMapping();
      return this.#convert(groups);
    });
    if (this.#used < this.#single.length && !this.#isMapping()) {
      throw typeError("not all arguments converted during string formatting");
    }
    return result;
  }

  #isMapping(): boolean {
    const argument = this.#argument;
    if (argument instanceof PyTuple || asString(argument) !== undefined) return false;
    return (
      Array.isArray(argument) ||
      (typeof argument === "object" && argument !== null && argument.isSubscriptable)
    );
  }

  #convert({ key, flags = "", width = "", precision, type }: Record<string, string | undefined>): string {
    if (key !== undefined) this.#useKey(key);
    const resolvedWidth = width === "*" ? this.#nextInteger() : Number(width || 0);
    const conversion: Conversion = {
      flags: resolvedWidth < 0 ? `${flags}-` : flags,
      width: Math.abs(resolvedWidth),
      precision: this.#precision(precision),
      type: type ?? "",
    };
    this.#budget.allocate(conversion.width + (conversion.precision ?? 0));
    if (type === undefined) throw valueError("incomplete format");
    return this.#pad(conversion, this.#convertValue(conversion, this.#next()));
  }

  #precision(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    return Math.max(0, text === "*" ? this.#nextInteger() : Number(text || 0));
  }

  #useKey(key: string): void {
    if (!this.#isMapping()) throw notAMapping();
    const argument = this.#argument;
    if (!(argument instanceof PyDict) && !(argument instanceof PyUndefined))
      throw typeError(`${typeNameOf(argument)} indices must be integers or slices, not str`);
    const value = argument.item(key);
    if (value === undefined) throw new TemplateRuntimeError("KeyError", reprOf(key));
    this.#single = [value];
    this.#used = 0;
  }

  #next(): Value {
    const value = this.#single[this.#used];
    if (value === undefined) throw typeError("not enough arguments for format string");
    this.#used++;
    return value;
  }

  #nextInteger(): number {
    const value = this.#next();
    if (typeof value === "bigint")
      throw new TemplateRuntimeError("OverflowError", "Python int too large to convert to C ssize_t");
    if (typeof value !== "number") throw typeError("* wants int");
    return value;
  }

  #convertValue(conversion: Conversion, value: Value): string {
    switch (conversion.type) {
      case "s":
        return this.#cut(conversion, this.#escape ? escapeValue(value).html : textOf(value));
      case "r":
        return this.#cut(conversion, this.#escape ? escapeHtml(reprOf(value)) : reprOf(value));
      case "a":
        return this.#cut(conversion, this.#escape ? escapeHtml(asciiOf(value)) : asciiOf(value));
      case "c":
        return character(value);
      default:
        return numberText(conversion, value);
    }
  }

  #cut({ precision }: Conversion, text: string): string {
    return precision === undefined ? text : sliceText(text, 0, precision);
  }

  #pad({ flags, width, type }: Conversion, text: string): string {
    const missing = width - textLength(text);
    if (missing <= 0) return text;
    if (flags.includes("-")) return text + " ".repeat(missing);
    if (!flags.includes("0") || "srac".includes(type)) return " ".repeat(missing) + text;
    const prefix = /^[-+ ]?(0[xXoO])?/.exec(text)?.[0] ?? "";
    return prefix + "0".repeat(missing) + text.slice(prefix.length);
  }
}

function notAMapping(): TemplateRuntimeError {
  return typeError("format requires a mapping");
}

function character(value: Value): string {
  const text = asString(value);
  if (text !== undefined && textLength(text) === 1) return text;
  const code = asInteger(value);
  if (code === undefined) throw typeError("%c requires int or char");
  if (code < 0 || code > 0x10ffff)
    throw new TemplateRuntimeError("OverflowError", "%c arg not in range(0x110000)");
  return String.fromCodePoint(Number(code));
}

function numberText(conversion: Conversion, value: Value): string {
  const { type, flags } = conversion;
  if (!"diuxXoeEfFgG".includes(type)) {
    throw valueError(`unsupported format character '${type}' (0x${(type.codePointAt(0) ?? 0).toString(16)})`);
  }
  if (!"xXo".includes(type)) refuseUndefined(value, null);
  const { negative, text } = "diuxXo".includes(type)
    ? integerParts(conversion, value)
    : floatParts(conversion, value);
  if (negative) return `-${text}`;
  return flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text;
}

interface SignedText {
  readonly negative: boolean;
  readonly text: string;
}

function integerParts({ type, precision, flags }: Conversion, value: Value): SignedText {
  const integer = "diu".includes(type) ? truncated(value, type) : asInteger(value);
  if (integer === undefined)
    throw typeError(`%${type} format: an integer is required, not ${typeNameOf(value)}`);
  const magnitude = integer < 0 ? -integer : integer;
  const radix = { x: 16, X: 16, o: 8 }[type];
  const digits = (radix === undefined ? decimalDigits(magnitude) : magnitude.toString(radix)).padStart(
    precision ?? 0,
    "0",
  );
  const prefix = flags.includes("#") && radix !== undefined ? `0${type.toLowerCase()}` : "";
  const text = prefix + digits;
  return { negative: integer < 0, text: type === "X" ? text.toUpperCase() : text };
}

function decimalDigits(magnitude: Integer): string {
  return typeof magnitude === "bigint" ? integerText(magnitude) : String(magnitude);
}

function truncated(value: Value, type: string): Integer {
  const integer = value instanceof PyFloat ? floatToInteger(value.value) : asInteger(value);
  if (integer === undefined)
    throw typeError(`%${type} format: a real number is required, not ${typeNameOf(value)}`);
  return integer;
}

function floatParts({ type, precision, flags }: Conversion, value: Value): SignedText {
  const integer = asInteger(value);
  if (integer === undefined && !(value instanceof PyFloat)) {
    throw typeError(`must be real number, not ${typeNameOf(value)}`);
  }
  const number = value instanceof PyFloat ? value.value : integerToFloat(integer ?? 0);
  const text = formatMagnitude(number, { type, precision, alternate: flags.includes("#") });
  return { negative: number < 0 || Object.is(number, -0), text };
}
