import { valueError } from "../errors.ts";
import { strip } from "./splitting.ts";
import { toInteger, type Integer } from "./integers.ts";

const PREFIXES: Readonly<Record<string, number>> = { "0x": 16, "0o": 8, "0b": 2 };
const FLOAT = /^[+-]?(?:(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?)$/;
const SPECIAL = /^([+-]?)(inf(?:inity)?|nan)$/i;

/** Python's `float(text)`, or `undefined` when it is not a number. */
export function parseFloatText(text: string): number | undefined {
  const trimmed = asciiDigits(strip(text, "both"));
  const special = SPECIAL.exec(trimmed);
  if (special !== null) {
    if (special[2]?.toLowerCase() === "nan") return Number.NaN;
    return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (!FLOAT.test(trimmed) || !/\d/.test(trimmed.split(/[eE]/)[0] ?? "")) return undefined;
  return Number(trimmed.replaceAll("_", ""));
}

/**
 * Python's `int(text, base)`, or `undefined` when it is not a number.
 *
 * @throws TemplateRuntimeError (`ValueError`) for a base that does not exist.
 */
export function parseIntegerText(text: string, base: number): Integer | undefined {
  if (base !== 0 && (base < 2 || base > 36)) return undefined;
  const match = /^([+-]?)(.*)$/s.exec(asciiDigits(strip(text, "both")));
  const [, sign = "", body = ""] = match ?? [];
  const prefixBase = PREFIXES[body.slice(0, 2).toLowerCase()];
  const hasPrefix = prefixBase !== undefined && (base === prefixBase || base === 0);
  const radix = base === 0 ? (hasPrefix ? prefixBase : 10) : base;
  let digits = hasPrefix ? body.slice(2).replace(/^_/, "") : body;
  if (base === 0 && !hasPrefix && /^0[0-9_]*[1-9]/.test(digits)) return undefined;
  if (!/^[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*$/.test(digits)) return undefined;
  digits = digits.replaceAll("_", "");
  const magnitude = parseDigits(digits, radix);
  if (magnitude === undefined) return undefined;
  return toInteger(sign === "-" ? -magnitude : magnitude);
}

function parseDigits(digits: string, radix: number): bigint | undefined {
  if (digits.split("").some((digit) => Number.parseInt(digit, 36) >= radix)) return undefined;
  if (radix === 10) {
    if (digits.length > 4300)
      throw valueError("Exceeds the limit (4300 digits) for integer string conversion");
    return BigInt(digits);
  }
  if (radix === 16) return BigInt(`0x${digits}`);
  let value = 0n;
  for (const digit of digits.slice(0, 20_000))
    value = value * BigInt(radix) + BigInt(Number.parseInt(digit, 36));
  return value;
}

// Python reads the digits of all scripts.
function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => {
    // Every set of digits is ten in a row, and sets may follow each other: the distance to the first tells the value.
    const code = digit.codePointAt(0) ?? 0;
    let before = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before++;
    return String(before % 10);
  });
}
