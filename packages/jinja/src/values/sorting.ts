import type { Budget } from "../limits.ts";
import { inOrder } from "./ordering.ts";
import type { Value } from "./value.ts";

/** Settings of {@link sortValues}. */
export interface SortOptions {
  readonly isReversed: boolean;
  readonly budget: Budget;
}

/** Python's `sorted(items, key=..., reverse=...)`: stable, also when reversed. */
export function sortValues(
  items: readonly Value[],
  keyOf: (item: Value) => Value,
  { isReversed, budget }: SortOptions,
): Value[] {
  budget.spend(items.length * Math.ceil(Math.log2(items.length + 1)));
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  // Python's order only asks whether one is less; equal members keep their places, also when reversed.
  keyed.sort((a, b) => {
    if (inOrder(a.key, "<", b.key)) return isReversed ? 1 : -1;
    return inOrder(b.key, "<", a.key) ? (isReversed ? -1 : 1) : 0;
  });
  return keyed.map(({ item }) => item);
}
