import type { Interval, Intervals } from "./intervals.ts";

/** Writes numbers as they stand in a host set: `7`, `[1-3,7]`, `[08-11]`. */
export function writeIntervals(intervals: Intervals): string {
  const runs = joinGrowingRuns(intervals);
  const [first] = runs;
  if (runs.length === 1 && first !== undefined && first.from === first.to) return first.from;
  return `[${runs.map(({ from, to }) => (from === to ? from : `${from}-${to}`)).join(",")}]`;
}

interface Run {
  readonly from: string;
  to: string;
  /** Such a range never grows into numbers with more digits. */
  readonly isPadded: boolean;
}

/** Without leading zeros a range may go on where the count of digits grows: 98-101. */
function joinGrowingRuns(intervals: Intervals): Run[] {
  const runs: Run[] = [];
  let previous: Interval | undefined;
  for (const interval of intervals) {
    const run = runs.at(-1);
    const to = write(interval.high, interval.digits);
    if (run !== undefined && previous !== undefined && goesOn(previous, interval) && !run.isPadded) {
      run.to = to;
    } else {
      const from = write(interval.low, interval.digits);
      runs.push({ from, to, isPadded: hasLeadingZero(from) || takesPaddingFrom(run, from) });
    }
    previous = interval;
  }
  return runs;
}

/** ClusterShell reads on with the padding of a single number before, so that 03,98-100 is 03,98-99,100. */
function takesPaddingFrom(run: Run | undefined, from: string): boolean {
  return run !== undefined && run.isPadded && run.from === run.to && run.from.length === from.length;
}

function goesOn(previous: Interval, next: Interval): boolean {
  return next.digits === previous.digits + 1 && isAllNines(previous) && next.low === previous.high + 1;
}

function hasLeadingZero(number: string): boolean {
  return number.length > 1 && number.startsWith("0");
}

function isAllNines({ digits, high }: Interval): boolean {
  return high === 10 ** digits - 1;
}

function write(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
