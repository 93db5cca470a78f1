import { asciiDigits } from "./ascii-digits.ts";
import { strip } from "./python-text.ts";

const INTEGER = /^[+-]?\d+(?:_\d+)*$/;
const DIGITS = String.raw`\d+(?:_\d+)*`;
const FLOAT = new RegExp(`^[+-]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?$`);
const WORD = /^([+-]?)(inf|infinity|nan)$/i;

/** A decimal integer with optional sign, blanks around and `_` between digits; leading zeros stay decimal. */
export function parseInteger(text: string): number | undefined {
  const digits = asciiDigits(strip(text));
  if (!INTEGER.test(digits)) return undefined;
  const value = Number(digits.replaceAll("_", ""));
  // -0 would print as "-0" in some places and as "0" in others.
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** A decimal or exponent form, `inf` or `nan`, with blanks around and `_` between digits. */
export function parseDecimal(text: string): number | undefined {
  const digits = asciiDigits(strip(text));
  const word = WORD.exec(digits);
  if (word !== null) {
    if (word[2]?.toLowerCase() === "nan") return Number.NaN;
    return word[1] === "-" ? -Infinity : Infinity;
  }
  return FLOAT.test(digits) ? Number(digits.replaceAll("_", "")) : undefined;
}

/** A file mode mask: `022` and `0o022` are octal (18), a number without leading zero is decimal. */
export function parseUmask(text: string): number | undefined {
  const digits = strip(text);
  const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return /^0\d/.test(digits) ? undefined : parseInteger(digits);
}

/** `1 yes true on` and `0 no false off` in any case, with nothing around them. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(?:1|yes|true|on)$/i.test(text)) return true;
  return /^(?:0|no|false|off)$/i.test(text) ? false : undefined;
}
