/** The decimal digits of a double without any rounding: `0.<digits>` times ten to the power of `point`. */
export interface ExactDecimal {
  /** Significant digits without leading zeros; empty for zero. */
  readonly digits: string;
  /** Where the decimal point stands, counted from the first digit. */
  readonly point: number;
}

/** The exact value of a finite, non-negative double. */
export function exactDecimal(value: number): ExactDecimal {
  if (value === 0) return { digits: "", point: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  // mantissa * 2^-n = mantissa * 5^n / 10^n, so the digits are those of an integer in both cases.
  const whole = exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent);
  const digits = whole.toString();
  return { digits, point: digits.length + Math.min(exponent, 0) };
}

/**
 * Rounds to `count` digits after the first digit position (may be zero or negative), ties to even.
 *
 * @returns the digits padded with zeros to `count`, and the point, which moves when the rounding carries over
 */
export function roundDigits(decimal: ExactDecimal, count: number): ExactDecimal {
  const { digits, point } = decimal;
  if (count < 0) return { digits: "", point };
  if (count >= digits.length) return { digits: digits.padEnd(count, "0"), point };
  const kept = digits.slice(0, count);
  if (!roundsUp(kept, digits.slice(count))) return { digits: kept, point };
  const raised = (BigInt(kept || "0") + 1n).toString().padStart(count, "0");
  return raised.length > count ? { digits: raised, point: point + 1 } : { digits: raised, point };
}

function roundsUp(kept: string, rest: string): boolean {
  const first = rest.charCodeAt(0) - 48;
  if (first !== 5) return first > 5;
  if (/[1-9]/.test(rest.slice(1))) return true;
  return Number(kept.at(-1) ?? "0") % 2 === 1;
}
