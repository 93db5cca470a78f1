import { intervalOf, intervalsBetween, MAX_DIGITS, type Interval } from "./intervals.ts";
import type { TextCursor } from "./text-cursor.ts";

/** A stepped range is kept number by number; more than this many is refused. */
export const MAX_STEPPED = 1_000_000;

/** Reads `[1-3,7,10-20/5]` from the cursor on, which stands at the opening bracket. */
export function readBracket(cursor: TextCursor): Interval[] {
  const start = cursor.at;
  cursor.take("[");
  const intervals: Interval[] = [];
  for (;;) {
    for (const interval of readRange(cursor, start)) intervals.push(interval);
    cursor.skipBlanks();
    if (cursor.take("]")) return intervals;
    if (!cursor.take(",")) throw unexpected(cursor, start);
  }
}

function readRange(cursor: TextCursor, bracket: number): Interval[] {
  cursor.skipBlanks();
  const start = cursor.at;
  const from = readNumber(cursor, bracket);
  cursor.skipBlanks();
  if (!cursor.take("-")) return [intervalOf(from)];
  cursor.skipBlanks();
  const to = readNumber(cursor, bracket);
  const range = `${from}-${to}`;
  cursor.skipBlanks();
  const step = cursor.take("/") ? readStep(cursor, bracket) : 1;
  if ((isPadded(from) || isPadded(to)) && from.length !== to.length) {
    throw cursor.error(`The ends of the range ${range} differ in width`, { at: start });
  }
  if (Number(from) > Number(to)) throw cursor.error(`The range ${range} counts down`, { at: start });
  const width = isPadded(from) ? from.length : 1;
  return stepped(cursor, start, { low: Number(from), high: Number(to), width, step });
}

function stepped(
  cursor: TextCursor,
  at: number,
  range: { low: number; high: number; width: number; step: number },
): Interval[] {
  const { low, high, width, step } = range;
  if (step === 1) return intervalsBetween(low, high, width);
  const count = Math.floor((high - low) / step) + 1;
  if (count > MAX_STEPPED) {
    throw cursor.error(`A range with a step may have ${MAX_STEPPED} numbers, not ${count}`, {
      at,
      code: "HOST_SET_TOO_LARGE",
    });
  }
  return Array.from({ length: count }, (_, index) => {
    const value = low + index * step;
    return { digits: Math.max(width, String(value).length), low: value, high: value };
  });
}

function readStep(cursor: TextCursor, bracket: number): number {
  cursor.skipBlanks();
  const at = cursor.at;
  const step = Number(readNumber(cursor, bracket));
  if (step < 1) throw cursor.error("The step of a range is at least 1", { at });
  return step;
}

function readNumber(cursor: TextCursor, bracket: number): string {
  const at = cursor.at;
  const digits = cursor.match(/[0-9]+/y);
  if (digits === "") throw unexpected(cursor, bracket);
  if (digits.length <= MAX_DIGITS) return digits;
  throw cursor.error(`A number of a range has at most ${MAX_DIGITS} digits`, { at });
}

function unexpected(cursor: TextCursor, bracket: number): Error {
  const found = cursor.peek();
  if (found === "") return cursor.error("The bracket is not closed", { at: bracket });
  if (found === "[") return cursor.error("Brackets cannot stand inside brackets");
  if (found === "]" || found === ",") return cursor.error("A number is missing inside the bracket");
  return cursor.error(`A bracket holds numbers such as [1-3,7], not ${JSON.stringify(found)}`);
}

function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith("0");
}
