import { exactDecimal, roundDigits } from "./exact-decimal.ts";

/** How to write a float: the letter of the conversion, its precision and its `#` flag. */
export interface FloatFormat {
  /** `f`, `e` or `g` in either case; upper case gives `INF`, `NAN` and `E`. */
  readonly letter: string;
  /** Digits after the point (`f`, `e`) or significant digits (`g`). */
  readonly precision: number;
  /** Keep the point and, for `g`, trailing zeros. */
  readonly alternate: boolean;
}

/** A float in C's `%f`, `%e` or `%g` form, rounded from the exact binary value with ties to even. */
export function formatFloat(value: number, format: FloatFormat): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const text = sign + formatMagnitude(Math.abs(value), format);
  return format.letter === format.letter.toUpperCase() ? text.toUpperCase() : text;
}

function formatMagnitude(value: number, format: FloatFormat): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return "inf";
  switch (format.letter.toLowerCase()) {
    case "f":
      return fixed(value, format);
    case "e":
      return scientific(value, format);
    default:
      return shortest(value, format);
  }
}

function fixed(value: number, { precision, alternate }: FloatFormat): string {
  const { digits, point } = roundDigits(...withCount(value, precision));
  const whole = point > 0 ? digits.slice(0, point) : "0";
  const fraction = ("0".repeat(Math.max(0, -point)) + digits.slice(Math.max(0, point))).slice(0, precision);
  return withPoint(whole, fraction.padEnd(precision, "0"), alternate);
}

function withCount(value: number, precision: number): Parameters<typeof roundDigits> {
  const decimal = exactDecimal(value);
  return [decimal, decimal.point + precision];
}

function scientific(value: number, { precision, alternate }: FloatFormat): string {
  const { digits, point } = roundDigits(exactDecimal(value), precision + 1);
  const shown = digits.padEnd(precision + 1, "0").slice(0, precision + 1);
  const exponent = value === 0 ? 0 : point - 1;
  return withPoint(shown.slice(0, 1), shown.slice(1), alternate) + exponentText(exponent);
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function shortest(value: number, format: FloatFormat): string {
  const precision = format.precision === 0 ? 1 : format.precision;
  const { point } = roundDigits(exactDecimal(value), precision);
  const exponent = value === 0 ? 0 : point - 1;
  const isFixed = exponent >= -4 && exponent < precision;
  const inner = { ...format, precision: isFixed ? precision - 1 - exponent : precision - 1 };
  const text = isFixed ? fixed(value, inner) : scientific(value, inner);
  return format.alternate ? text : withoutTrailingZeros(text);
}

function withoutTrailingZeros(text: string): string {
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent}`;
}

function withPoint(whole: string, fraction: string, alternate: boolean): string {
  return fraction !== "" || alternate ? `${whole}.${fraction}` : whole;
}
