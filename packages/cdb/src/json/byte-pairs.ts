/**
 * A table for two bytes at a time, as a little-endian 16-bit number: 1 if both stand for themselves. Looking up pairs
 * halves the work of a loop over text.
 */
export function pairsOf(plain: Uint8Array): Uint8Array {
  const pairs = new Uint8Array(1 << 16);
  for (let second = 0; second < 256; second++) {
    if (plain[second] === 1) pairs.set(plain, second << 8);
  }
  return pairs;
}
