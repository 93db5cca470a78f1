import type { DeploymentTiming } from "./deployment-timing.ts";

const SAMPLE = 5;

/** What a deployment is compared with: others of the same repository that did the same. */
export type DeploymentKind = Pick<DeploymentTiming, "repo" | "mode">;

/**
 * How much longer a running deployment will take, in milliseconds, judged by `typicalDurationMs`; `undefined` without
 * earlier ones. Never negative.
 *
 * @param past - earlier deployments, the newest first, as `readHistory` gives them
 */
export function estimateRemainingMs(
  running: DeploymentTiming,
  past: readonly DeploymentTiming[],
  nowMs: number,
): number | undefined {
  const typicalMs = typicalDurationMs(running, past);
  return typicalMs === undefined ? undefined : Math.max(0, typicalMs - (nowMs - running.startedAt * 1000));
}

/** The median of the last five deployments of a kind that succeeded, in milliseconds; `undefined` without any. */
export function typicalDurationMs(
  { mode, repo }: DeploymentKind,
  past: readonly DeploymentTiming[],
): number | undefined {
  const durations = past
    .filter((other) => other.repo === repo && other.mode === mode && other.outcome === "ok")
    .slice(0, SAMPLE)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)];
}
