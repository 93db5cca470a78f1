import type { Budget } from "../limits.ts";
import { codePoints } from "../values/text.ts";

/** Settings of {@link replaceText}. */
export interface ReplaceOptions {
  /** How many to replace at most; negative = all. */
  readonly count: number;
  readonly budget: Budget;
}

/** Python's `text.replace(old, replacement, count)`. An empty `old` is found before each character and at the end. */
export function replaceText(
  text: string,
  old: string,
  replacement: string,
  { count, budget }: ReplaceOptions,
): string {
  if (old !== "" && !text.includes(old)) return text;
  const limit = count < 0 ? Number.POSITIVE_INFINITY : count;
  const parts = old === "" ? ["", ...codePoints(text), ""] : text.split(old);
  const replaced = Math.min(limit, parts.length - 1);
  budget.allocate(text.length + replaced * Math.max(0, replacement.length - old.length));
  if (replaced === parts.length - 1) return parts.join(replacement);
  const head = parts.slice(0, replaced + 1).join(replacement);
  return replaced === 0 ? text : head + old + parts.slice(replaced + 1).join(old);
}
