import { typeError, valueError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { PyBytes } from "./bytes.ts";
import { asInteger } from "./integers.ts";
import { Markup } from "./markup.ts";
import { PyRange } from "./range.ts";
import { codePoints } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeNameOf } from "./type-name.ts";
import { PyUndefined } from "./undefined.ts";
import type { Value } from "./value.ts";

/** The bounds of `x[start:stop:step]`; `null` where left out. */
export interface SliceBounds {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}

interface Positions {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** Python's `value[start:stop:step]`. */
export function sliceOf(value: Value, bounds: SliceBounds, budget: Budget): Value {
  if (value instanceof PyUndefined) return value.item();
  if (typeof value === "string") return pick(codePoints(value), bounds, budget).join("");
  if (Array.isArray(value)) return pick(value, bounds, budget);
  if (value instanceof PyTuple) return new PyTuple(pick(value.items, bounds, budget));
  if (value instanceof Markup) return new Markup(pick(codePoints(value.html), bounds, budget).join(""));
  if (value instanceof PyBytes) return new PyBytes(Uint8Array.from(pick([...value.data], bounds, budget)));
  if (value instanceof PyRange) {
    const { start, stop, step } = positionsOf(bounds, value.size());
    return value.slice(start, stop, step);
  }
  if (typeNameOf(value) === "dict") throw typeError("unhashable type: 'slice'");
  throw typeError(`'${typeNameOf(value)}' object is not subscriptable`);
}

function pick<T>(items: readonly T[], bounds: SliceBounds, budget: Budget): T[] {
  const { start, stop, step } = positionsOf(bounds, items.length);
  budget.allocate(items.length);
  if (step === 1) return items.slice(start, Math.max(start, stop));
  const picked: T[] = [];
  for (let index = start; step > 0 ? index < stop : index > stop; index += step) {
    const item = items[index];
    if (item !== undefined) picked.push(item);
  }
  return picked;
}

function positionsOf(bounds: SliceBounds, length: number): Positions {
  const step = bound(bounds.step) ?? 1;
  if (step === 0) throw valueError("slice step cannot be zero");
  const isForward = step > 0;
  const low = isForward ? 0 : -1;
  const high = isForward ? length : length - 1;
  const start = bound(bounds.start);
  const stop = bound(bounds.stop);
  return {
    start: start === undefined ? (isForward ? low : high) : clamp(start, length, low, high),
    stop: stop === undefined ? (isForward ? high : low) : clamp(stop, length, low, high),
    step,
  };
}

function clamp(position: number, length: number, low: number, high: number): number {
  const fromStart = position < 0 ? position + length : position;
  return Math.min(Math.max(fromStart, low), high);
}

function bound(value: Value): number | undefined {
  if (value === null) return undefined;
  const integer = asInteger(value);
  if (integer === undefined) {
    throw typeError("slice indices must be integers or None or have an __index__ method");
  }
  return Number(integer);
}
