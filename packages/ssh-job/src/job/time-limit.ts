/** Longest time that a timer of Node holds, in milliseconds: 24 days. A longer one would be over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls `onEnd` when the time is over. A limit that no timer holds is none. */
export function startTimeLimit(limitMs: number | undefined, onEnd: () => void): NodeJS.Timeout | undefined {
  return limitMs === undefined || limitMs > LONGEST_MS ? undefined : setTimeout(onEnd, limitMs);
}
