import { ratioToFloat } from "./ratio.ts";
import { decompose } from "./exact-decimal.ts";

// Bits behind the point of the fixed-point numbers below. Four times a float's, so that rounding the
// result gives the nearest float, as C libraries do; Math.pow is often one digit off.
const BITS = 200n;
const ONE = 1n << BITS;

/**
 * `base ** exponent`, rounded to the nearest float.
 *
 * @param base - finite and above zero.
 * @param exponent - finite.
 */
export function precisePower(base: number, exponent: number): number {
  if (base === 1) return 1;
  const estimate = base ** exponent;
  if (!Number.isFinite(estimate) || estimate === 0) return estimate;
  return Number.isInteger(exponent) && Math.abs(exponent) <= 64
    ? exactPower(base, exponent)
    : fixedPointPower(base, exponent);
}

function exactPower(base: number, exponent: number): number {
  const { mantissa, exponent: scale } = decompose(base);
  const times = BigInt(Math.abs(exponent));
  let numerator = mantissa ** times;
  let denominator = 1n;
  if (scale >= 0) numerator <<= BigInt(scale) * times;
  else denominator <<= BigInt(-scale) * times;
  return exponent >= 0 ? ratioToFloat(numerator, denominator) : ratioToFloat(denominator, numerator);
}

function fixedPointPower(base: number, exponent: number): number {
  const ln2 = 2n * inverseHyperbolicTangent(ONE / 3n);
  const logarithm = naturalLogarithm(base, ln2);
  const { mantissa, exponent: scale } = decompose(Math.abs(exponent));
  const scaled =
    scale >= 0 ? (logarithm * mantissa) << BigInt(scale) : (logarithm * mantissa) >> BigInt(-scale);
  const product = exponent < 0 ? -scaled : scaled;
  const rest = ((product % ln2) + ln2) % ln2;
  const power = (product - rest) / ln2;
  const value = exponential(rest);
  return power >= 0n ? ratioToFloat(value << power, ONE) : ratioToFloat(value, ONE << -power);
}

function naturalLogarithm(value: number, ln2: bigint): bigint {
  const { mantissa, exponent } = decompose(value);
  const length = mantissa.toString(2).length;
  // A number between 1/2 and 1, and the power of two that was taken out.
  const fraction = (mantissa << BITS) >> BigInt(length);
  const argument = ((fraction - ONE) << BITS) / (fraction + ONE);
  return 2n * inverseHyperbolicTangent(argument) + BigInt(exponent + length) * ln2;
}

function inverseHyperbolicTangent(argument: bigint): bigint {
  const square = (argument * argument) >> BITS;
  let sum = 0n;
  let term = argument;
  for (let divisor = 1n; term !== 0n && term !== -1n; divisor += 2n) {
    sum += term / divisor;
    term = (term * square) >> BITS;
  }
  return sum;
}

function exponential(argument: bigint): bigint {
  let sum = ONE;
  let term = ONE;
  for (let index = 1n; term !== 0n; index++) {
    term = ((term * argument) >> BITS) / index;
    sum += term;
  }
  return sum;
}
