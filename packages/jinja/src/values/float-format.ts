import { fixedText, significantDigits } from "./exact-decimal.ts";
import { floatText } from "./float.ts";

/** How `format()` and `%` write a float. */
export interface FloatFormat {
  /** `e`, `f`, `g` and their capitals; `r` is `repr`, as `format()` without a type does. */
  readonly type: string;
  /** Decimals (`e`, `f`) or digits (`g`); `undefined` = 6. */
  readonly precision?: number | undefined;
  /** `#`: keeps the point and trailing zeros. */
  readonly alternate?: boolean;
}

/** The text of the absolute value of a float; the caller adds the sign. */
export function formatMagnitude(value: number, { type, precision, alternate = false }: FloatFormat): string {
  const magnitude = Math.abs(value);
  const text = Number.isFinite(magnitude)
    ? finiteText(magnitude, { type: type.toLowerCase(), precision, alternate })
    : floatText(magnitude);
  return type === type.toUpperCase() ? text.toUpperCase() : text;
}

function finiteText(value: number, { type, precision, alternate = false }: FloatFormat): string {
  if (type === "f") return withPoint(fixedText(value, precision ?? 6), alternate);
  if (type === "e") return exponentText(value, precision ?? 6, alternate);
  if (type === "r") {
    if (precision !== undefined) return reprWithPrecision(value, precision, alternate);
    return alternate ? floatText(value).replace(/^(\d+)e/, "$1.e") : floatText(value);
  }
  return generalText(value, Math.max(1, precision ?? 6), alternate);
}

function exponentText(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = significantDigits(value, precision);
  return exponentForm(digits, exponent, alternate);
}

function exponentForm(digits: string, exponent: number, alternate: boolean): string {
  const fraction = digits.slice(1);
  const mantissa = fraction === "" && !alternate ? digits : `${digits.slice(0, 1)}.${fraction}`;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function generalText(value: number, precision: number, alternate: boolean): string {
  const { digits, exponent } = significantDigits(value, precision - 1);
  if (exponent >= -4 && exponent < precision) {
    const text = fixedText(value, precision - 1 - exponent);
    return alternate ? withPoint(text, true) : withoutTrailingZeros(text);
  }
  return exponentForm(alternate ? digits : digits.replace(/(?<=^.\d*?)0+$/, ""), exponent, alternate);
}

// format(1.0, '.3') is like 'g', but keeps one decimal and switches to the exponent one digit earlier.
function reprWithPrecision(value: number, precision: number, alternate: boolean): string {
  const digitCount = Math.max(1, precision);
  const { digits, exponent } = significantDigits(value, digitCount - 1);
  if (exponent < -4 || exponent >= digitCount - (exponent >= 0 ? 1 : 0)) {
    const trimmed = alternate ? digits : digits.replace(/(?<=^.\d*?)0+$/, "");
    if (exponent < -4 || exponent >= digitCount - 1) return exponentForm(trimmed, exponent, alternate);
  }
  const text = generalText(value, digitCount, alternate);
  return text.includes(".") ? text : `${text}.0`;
}

function withPoint(text: string, alternate: boolean): string {
  return alternate && !text.includes(".") ? `${text}.` : text;
}

function withoutTrailingZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
