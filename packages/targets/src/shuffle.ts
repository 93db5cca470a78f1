/** The items in an order that only the seed decides (Fisher-Yates over a 32-bit generator). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items];
  let state = seed >>> 0;
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = (state + 0x6d2b79f5) >>> 0;
    const chosen = Math.floor((mix(state) / 2 ** 32) * (last + 1));
    const [moved] = order.splice(chosen, 1);
    if (moved !== undefined) order.push(moved);
  }
  return order;
}

/** The output function of mulberry32. */
function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}
