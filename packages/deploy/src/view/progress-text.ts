import type { DeployStarted, StageProgress } from "@scap/events";
import { formatDuration } from "@scap/log";

/** A deployment as far as the words for its progress go. */
export type ProgressOf = Pick<DeployStarted, "repo" | "services">;

/** Progress of a stage: `acme/web: fetch stage(s): 66% (in-flight: 1; ok: 2; fail: 0; left: 0)`. */
export function progressText(deployment: ProgressOf, progress: StageProgress): string {
  const { failed, inFlight, ok, total } = progress;
  const done = ok + failed;
  const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
  const left = total - done - inFlight;
  return `${stagesOf(deployment, progress)}: ${percent}% (in-flight: ${inFlight}; ok: ${ok}; fail: ${failed}; left: ${left})`;
}

/** What the live line says: the progress, and when all is likely to be done; the estimate is never cut off. */
export function liveText(
  deployment: ProgressOf,
  progress: StageProgress,
  { columns, remainingMs }: { readonly columns: number; readonly remainingMs: number | undefined },
): string {
  const text = progressText(deployment, progress);
  if (remainingMs === undefined) return text;
  const estimate = ` about ${formatDuration(remainingMs / 1000)} left`;
  // The last column stays free, or some terminals begin a new line.
  return text.slice(0, Math.max(0, columns - 1 - estimate.length)) + estimate;
}

/** The progress of a stage that has ended, for narrow terminals. */
export function finishedText(deployment: ProgressOf, progress: StageProgress): string {
  const { failed, ok, total } = progress;
  return `${stagesOf(deployment, progress)}: ok: ${ok}; fail: ${failed}; left: ${total - ok - failed}`;
}

/** Promoting handles the services too, on the host and without coming back in between. */
function stagesOf({ repo, services }: ProgressOf, { stage }: StageProgress): string {
  const isBoth = stage === "promote" && services !== undefined;
  return `${repo}: ${isBoth ? "promote and handle_service" : stage} stage(s)`;
}
