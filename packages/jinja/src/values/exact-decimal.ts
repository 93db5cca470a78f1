/** Decimal digits of a float and the power of ten of the first one. */
export interface DecimalDigits {
  /** `precision + 1` digits. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly exponent: number;
}

/**
 * The exact value of a float rounded to `precision` decimals, ties to even. `toFixed` rounds ties up
 * and changes its form beyond 1e21.
 *
 * @param value - finite and not negative.
 */
export function fixedText(value: number, precision: number): string {
  const digits = roundedAt(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  if (precision === 0) return digits;
  return `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/**
 * The first `precision + 1` digits of the exact value of a float, ties to even.
 *
 * @param value - finite and not negative.
 */
export function significantDigits(value: number, precision: number): DecimalDigits {
  if (value === 0) return { digits: "0".repeat(precision + 1), exponent: 0 };
  let exponent = Number(value.toExponential().split("e")[1]);
  let digits = roundedAt(value, precision - exponent).toString();
  // Rounding may add a digit, and the shortest form that the exponent is taken from may have rounded up.
  while (digits.length !== precision + 1) {
    exponent += digits.length > precision + 1 ? 1 : -1;
    digits = roundedAt(value, precision - exponent).toString();
  }
  return { digits, exponent };
}

/** `value * 10 ** places`, rounded to an integer with ties to even. */
export function roundedAt(value: number, places: number): bigint {
  const { mantissa, exponent } = decompose(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  return divideToEven(numerator, denominator);
}

/** `numerator / denominator` rounded to the next integer, ties to even; both positive. */
export function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twiceRest = (numerator % denominator) * 2n;
  const roundUp = twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n);
  return roundUp ? quotient + 1n : quotient;
}

/** The two integers that make up a float: `mantissa * 2 ** exponent`. */
export function decompose(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}
