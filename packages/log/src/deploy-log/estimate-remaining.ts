import type { DeploymentTiming } from "./deployment-timing.ts";

const SAMPLE = 5;

/**
 * How much longer a running deployment will take, in milliseconds, from the median of the last five that succeeded
 * in the same repository; `undefined` without any. Never negative.
 *
 * @param past - earlier deployments, the newest first, as `readHistory` gives them
 */
export function estimateRemainingMs(
  running: DeploymentTiming,
  past: readonly DeploymentTiming[],
  nowMs: number,
): number | undefined {
  const durations = past
    .filter(({ repo, outcome }) => repo === running.repo && outcome === "ok")
    .slice(0, SAMPLE)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);
  const typicalMs = durations[Math.floor(durations.length / 2)];
  return typicalMs === undefined ? undefined : Math.max(0, typicalMs - (nowMs - running.startedAt * 1000));
}
