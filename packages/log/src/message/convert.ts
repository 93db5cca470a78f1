import { PythonFloat, isPythonInteger } from "../python-float.ts";
import { formatFloat } from "./float-format.ts";
import { type Conversion, TemplateError } from "./parse-template.ts";
import { asciiForm, reprForm, textForm } from "./python-text.ts";

/** A conversion whose width and precision are known numbers. */
export interface ResolvedConversion extends Conversion {
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** Applies one conversion to its argument, as Python's `%` operator does. Throws TemplateError if they do not fit. */
export function convert(conversion: ResolvedConversion, value: unknown): string {
  switch (conversion.letter) {
    case "s":
      return pad(conversion, "", cut(textForm(value), conversion.precision), " ");
    case "r":
      return pad(conversion, "", cut(reprForm(value), conversion.precision), " ");
    case "a":
      return pad(conversion, "", cut(asciiForm(value), conversion.precision), " ");
    case "c":
      return pad(conversion, "", character(value), " ");
    case "d":
    case "i":
    case "u":
      return integer(conversion, truncated(value), 10);
    case "x":
    case "X":
      return integer(conversion, wholeNumber(value), 16);
    case "o":
      return integer(conversion, wholeNumber(value), 8);
    default:
      return float(conversion, value);
  }
}

const PREFIXES: Readonly<Record<string, string>> = { x: "0x", X: "0X", o: "0o" };

function integer(conversion: ResolvedConversion, value: bigint, radix: number): string {
  const { flags, letter, precision = 0 } = conversion;
  const digits = (value < 0n ? -value : value).toString(radix).padStart(precision, "0");
  const prefix = flags.includes("#") ? (PREFIXES[letter] ?? "") : "";
  const shown = letter === "X" ? digits.toUpperCase() : digits;
  return pad(conversion, signFor(value < 0n, flags) + prefix, shown, numericFill(flags));
}

function float(conversion: ResolvedConversion, value: unknown): string {
  const { flags, letter, precision = 6 } = conversion;
  if (!/^[eEfFgG]$/.test(letter)) throw new TemplateError(`unsupported format character '${letter}'`);
  const text = formatFloat(doubleValue(value), { letter, precision, alternate: flags.includes("#") });
  const isNegative = text.startsWith("-");
  const digits = isNegative ? text.slice(1) : text;
  return pad(conversion, signFor(isNegative, flags), digits, numericFill(flags));
}

function signFor(isNegative: boolean, flags: string): string {
  if (isNegative) return "-";
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
}

function numericFill(flags: string): string {
  return flags.includes("0") ? "0" : " ";
}

// Width counts code points. Zeros go between the sign and the digits, blanks around both.
function pad(conversion: ResolvedConversion, prefix: string, body: string, fill: string): string {
  const { flags, width = 0 } = conversion;
  const missing = width - prefix.length - Array.from(body).length;
  if (missing <= 0) return prefix + body;
  if (flags.includes("-")) return prefix + body + " ".repeat(missing);
  return fill === "0" ? prefix + "0".repeat(missing) + body : " ".repeat(missing) + prefix + body;
}

function cut(text: string, precision: number | undefined): string {
  if (precision === undefined || text.length <= precision) return text;
  return Array.from(text).slice(0, precision).join("");
}

function character(value: unknown): string {
  if (typeof value === "string" && Array.from(value).length === 1) return value;
  const code = typeof value === "string" ? -1 : Number(wholeNumber(value));
  if (code >= 0 && code <= 0x10ffff) return String.fromCodePoint(code);
  throw new TemplateError("%c requires a code point or one character");
}

function wholeNumber(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number" && isPythonInteger(value)) return BigInt(value);
  throw new TemplateError("an integer is required");
}

function truncated(value: unknown): bigint {
  const double = value instanceof PythonFloat ? value.value : value;
  if (typeof double !== "number") return wholeNumber(double);
  if (!Number.isFinite(double)) throw new TemplateError("cannot convert infinity or nan to an integer");
  return BigInt(Math.trunc(double));
}

function doubleValue(value: unknown): number {
  if (value instanceof PythonFloat) return value.value;
  if (typeof value === "number") return value;
  const double = Number(wholeNumber(value));
  if (!Number.isFinite(double)) throw new TemplateError("int too large to convert to float");
  return double;
}
