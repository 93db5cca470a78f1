import type { Budget } from "../limits.ts";
import { textLength } from "../values/text.ts";

/** Settings of {@link paddedText}. */
export interface PaddingOptions {
  /** One character. */
  readonly fill: string;
  readonly budget: Budget;
}

/** Fills a text up to `width` code points on the left, the right or both sides, as `rjust`, `ljust` and `center` do. */
export function paddedText(
  text: string,
  width: number,
  side: "left" | "right" | "both",
  { fill, budget }: PaddingOptions,
): string {
  const missing = width - textLength(text);
  if (missing <= 0) return text;
  budget.allocate(width);
  if (side === "left") return fill.repeat(missing) + text;
  if (side === "right") return text + fill.repeat(missing);
  // Python puts the odd one on the left only when the width is odd too.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}
