/** Size and time of a file. */
export interface FileTimes {
  readonly sizeBytes: number;
  /** Time of the last change in whole microseconds since 1970, which is a safe integer. */
  readonly mtimeUs: number;
}

const US_PER_SECOND = 1_000_000;

/** Size and time out of what `stat` gives with `bigint: true`. */
export function fileTimes(stat: { readonly size: bigint; readonly mtimeNs: bigint }): FileTimes {
  return { sizeBytes: Number(stat.size), mtimeUs: Number(stat.mtimeNs / 1000n) };
}

/**
 * Whether two times are the same, in microseconds. A time without a fraction may come from a file system that keeps
 * whole seconds only; then only these are compared.
 */
export function isSameTime(first: number, second: number): boolean {
  if (first === second) return true;
  const isCoarse = first % US_PER_SECOND === 0 || second % US_PER_SECOND === 0;
  return isCoarse && Math.floor(first / US_PER_SECOND) === Math.floor(second / US_PER_SECOND);
}

/**
 * The number of seconds to give to `utimes` so that the file's time is `mtimeUs`. A double cannot hold microseconds
 * since 1970 exactly; the middle of the microsecond is far enough from both ends.
 */
export function toUtimesSeconds(mtimeUs: number): number {
  return (mtimeUs + 0.5) / US_PER_SECOND;
}
