import type { StageProgress } from "@scap/events";

/** Progress of a stage: `acme/web: fetch stage(s): 66% (in-flight: 1; ok: 2; fail: 0; left: 0)`. */
export function progressText(repo: string, progress: StageProgress): string {
  const { failed, inFlight, ok, stage, total } = progress;
  const done = ok + failed;
  const percent = total === 0 ? 100 : Math.floor((done * 100) / total);
  const left = total - done - inFlight;
  return `${repo}: ${stage} stage(s): ${percent}% (in-flight: ${inFlight}; ok: ${ok}; fail: ${failed}; left: ${left})`;
}

/** The same for a stage that has ended, for narrow terminals. */
export function finishedText(repo: string, { failed, ok, stage, total }: StageProgress): string {
  return `${repo}: ${stage} stage(s): ok: ${ok}; fail: ${failed}; left: ${total - ok - failed}`;
}
