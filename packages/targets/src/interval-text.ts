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
}

/** Without leading zeros a range may go on where the count of digits grows: 98-101. */
function joinGrowingRuns(intervals: Intervals): Run[] {
  const runs: Run[] = [];
  let previous: Interval | undefined;
  for (const interval of intervals) {
    const run = runs.at(-1);
    const to = write(interval.high, interval.digits);
    if (run !== undefined && previous !== undefined && goesOn(run, previous, interval)) run.to = to;
    else runs.push({ from: write(interval.low, interval.digits), to });
    previous = interval;
  }
  return runs;
}

function goesOn(run: Run, previous: Interval, next: Interval): boolean {
  const isPadded = run.from.length > 1 && run.from.startsWith("0");
  return (
    !isPadded && next.digits === previous.digits + 1 && isAllNines(previous) && next.low === previous.high + 1
  );
}

function isAllNines({ digits, high }: Interval): boolean {
  return high === 10 ** digits - 1;
}

function write(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
