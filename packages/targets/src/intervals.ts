/**
 * Numbers of the same count of digits, both ends included: 8 to 11 written with two digits is 08, 09, 10, 11. The
 * count of digits is part of a host's name, so `1` and `01` are different numbers here.
 */
export interface Interval {
  readonly digits: number;
  readonly low: number;
  readonly high: number;
}

/** Sorted by (digits, low); no two overlap or touch. What one varying position of a host pattern can be. */
export type Intervals = readonly Interval[];

/** More digits than a double holds exactly are treated as letters of the name. */
export const MAX_DIGITS = 15;

/** The number that a run of digits stands for. */
export function intervalOf(digits: string): Interval {
  const value = Number(digits);
  return { digits: digits.length, low: value, high: value };
}

/** All numbers from `low` to `high`, with as many digits as each needs, or at least `width`. */
export function intervalsBetween(low: number, high: number, width: number): Interval[] {
  const found: Interval[] = [];
  let from = low;
  while (from <= high) {
    const digits = Math.max(width, String(from).length);
    const high9 = 10 ** digits - 1;
    found.push({ digits, low: from, high: Math.min(high, high9) });
    from = high9 + 1;
  }
  return found;
}

/** Sorts and joins intervals that overlap or touch. */
export function normalise(intervals: readonly Interval[]): Intervals {
  if (intervals.length < 2) return intervals;
  const joined: Interval[] = [];
  for (const next of intervals.toSorted(byDigitsAndValue)) {
    const last = joined.at(-1);
    if (last !== undefined && last.digits === next.digits && next.low <= last.high + 1) {
      if (next.high > last.high) joined[joined.length - 1] = { ...last, high: next.high };
    } else {
      joined.push(next);
    }
  }
  return joined;
}

/** What both have. */
export function intersect(left: Intervals, right: Intervals): Intervals {
  const common: Interval[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const a = left[i];
    const b = right[j];
    if (a === undefined || b === undefined) return common;
    if (a.digits === b.digits) {
      const low = Math.max(a.low, b.low);
      const high = Math.min(a.high, b.high);
      if (low <= high) common.push({ digits: a.digits, low, high });
    }
    if (a.digits < b.digits || (a.digits === b.digits && a.high < b.high)) i += 1;
    else j += 1;
  }
}

/** What the first has and the second has not. */
export function subtract(left: Intervals, right: Intervals): Intervals {
  const rest: Interval[] = [];
  let start = 0;
  for (const { digits, low, high } of left) {
    let from = low;
    for (;;) {
      const hole = right[start];
      if (hole === undefined || hole.digits > digits || (hole.digits === digits && hole.low > high)) break;
      if (hole.digits === digits && hole.high >= from) {
        if (hole.low > from) rest.push({ digits, low: from, high: hole.low - 1 });
        from = hole.high + 1;
        if (from > high) break;
      }
      start += 1;
    }
    if (from <= high) rest.push({ digits, low: from, high });
  }
  return rest;
}

/** How many numbers there are. */
export function countIntervals(intervals: Intervals): number {
  return intervals.reduce((count, { low, high }) => count + high - low + 1, 0);
}

/** The numbers from position `start` up to and without `end`, in order. */
export function sliceIntervals(intervals: Intervals, start: number, end: number): Intervals {
  const slice: Interval[] = [];
  let position = 0;
  for (const { digits, low, high } of intervals) {
    const size = high - low + 1;
    const from = Math.max(start - position, 0);
    const to = Math.min(end - position, size);
    if (from < to) slice.push({ digits, low: low + from, high: low + to - 1 });
    position += size;
  }
  return slice;
}

/** Each number written out, in order. */
export function* writtenNumbers(intervals: Intervals): Generator<string, void, undefined> {
  for (const { digits, low, high } of intervals) {
    for (let value = low; value <= high; value += 1) yield String(value).padStart(digits, "0");
  }
}

/** Order of iteration: fewer digits first, then the value. */
export function byDigitsAndValue(left: Interval, right: Interval): number {
  return left.digits - right.digits || left.low - right.low;
}
