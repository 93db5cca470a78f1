// Enough for a float and for telling on which side of the middle the rest lies.
const KEPT_BITS = 66;

/** The float next to `numerator / denominator`, both positive; `Infinity` when it is too large. */
export function ratioToFloat(numerator: bigint, denominator: bigint): number {
  const shift = KEPT_BITS - (lengthOf(numerator) - lengthOf(denominator));
  const scaled = shift >= 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  // The last bit says whether anything was cut off.
  const quotient = (scaled / divisor) * 2n + (scaled % divisor === 0n ? 0n : 1n);
  return scale(quotient, -(shift + 1));
}

function lengthOf(value: bigint): number {
  return value.toString(16).length * 4;
}

function scale(quotient: bigint, power: number): number {
  const excess = -1074 - power;
  // Floats below 2 ** -1022 have fewer bits; those are rounded here, so that it happens only once.
  if (excess > 0 && lengthOf(quotient) + power < -1018)
    return roundedShift(quotient, BigInt(excess)) * 2 ** -1074;
  // In two steps, because a power of two may itself be out of range.
  const half = Math.floor(power / 2);
  return Number(quotient) * 2 ** half * 2 ** (power - half);
}

function roundedShift(value: bigint, bits: bigint): number {
  const cut = value >> bits;
  const rest = value - (cut << bits);
  const middle = 1n << (bits - 1n);
  return Number(cut + (rest > middle || (rest === middle && cut % 2n === 1n) ? 1n : 0n));
}
