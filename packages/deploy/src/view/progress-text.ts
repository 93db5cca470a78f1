import type { StageProgress } from "@scap/events";
import { formatDuration } from "@scap/log";

/** Progress of a stage: `acme/web: fetch stage(s): 66% (in-flight: 1; ok: 2; fail: 0; left: 0)`. */
export function progressText(repo: string, progress: StageProgress): string {
  const { failed, inFlight, ok, stage, total } = progress;
  const done = ok + failed;
  const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
  const left = total - done - inFlight;
  return `${repo}: ${stage} stage(s): ${percent}% (in-flight: ${inFlight}; ok: ${ok}; fail: ${failed}; left: ${left})`;
}

/** What the live line says: the progress, and when all is likely to be done; the estimate is never cut off. */
export function liveText(
  repo: string,
  progress: StageProgress,
  { columns, remainingMs }: { readonly columns: number; readonly remainingMs: number | undefined },
): string {
  const text = progressText(repo, progress);
  if (remainingMs === undefined) return text;
  const estimate = ` about ${formatDuration(remainingMs / 1000)} left`;
  // The last column stays free, or some terminals begin a new line.
  return text.slice(0, Math.max(0, columns - 1 - estimate.length)) + estimate;
}

/** The progress of a stage that has ended, for narrow terminals. */
export function finishedText(repo: string, { failed, ok, stage, total }: StageProgress): string {
  return `${repo}: ${stage} stage(s): ok: ${ok}; fail: ${failed}; left: ${total - ok - failed}`;
}
