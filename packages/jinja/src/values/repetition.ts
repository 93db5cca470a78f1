import { TemplateRuntimeError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { asInteger } from "./integers.ts";
import { isHtml, Markup } from "./markup.ts";
import { asString } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import type { Value } from "./value.ts";

/** `'ab' * 3` and `3 * 'ab'`, also for lists and tuples; `undefined` when that is not what the operands are. */
export function repeatSequence(left: Value, right: Value, budget: Budget): Value | undefined {
  const times = asInteger(right);
  if (times !== undefined) return repeat(left, times, budget);
  const reversedTimes = asInteger(left);
  return reversedTimes === undefined ? undefined : repeat(right, reversedTimes, budget);
}

function repeat(sequence: Value, times: number | bigint, budget: Budget): Value | undefined {
  const text = asString(sequence);
  if (text !== undefined) {
    const repeated = repeatText(text, times, budget);
    return isHtml(sequence) ? new Markup(repeated) : repeated;
  }
  if (Array.isArray(sequence)) return repeatItems(sequence, times, budget);
  return sequence instanceof PyTuple ? new PyTuple(repeatItems(sequence.items, times, budget)) : undefined;
}

/** `text` written `times` times. @throws TemplateLimitError when the result is too big. */
export function repeatText(text: string, times: number | bigint, budget: Budget): string {
  return text.repeat(affordableTimes(text.length, times, budget));
}

function repeatItems(items: readonly Value[], times: number | bigint, budget: Budget): Value[] {
  const count = affordableTimes(4 * items.length, times, budget);
  const result: Value[] = [];
  for (let round = 0; round < count; round++) for (const item of items) result.push(item);
  return result;
}

function affordableTimes(length: number, times: number | bigint, budget: Budget): number {
  if (typeof times === "bigint")
    throw new TemplateRuntimeError("OverflowError", "cannot fit 'int' into an index-sized integer");
  if (times <= 0 || length === 0) return 0;
  budget.allocate(length * times);
  return times;
}
