import { formatDuration } from "../duration.ts";
import { LogError } from "../errors.ts";
import type { DeploymentTiming } from "./deployment-timing.ts";
import { estimateRemainingMs, typicalDurationMs, type DeploymentKind } from "./estimate-remaining.ts";
import { readHistory } from "./read-history.ts";

const PAST = 50;
/** Logs that a deployment that begins looks into: it has other things to do. */
const RECENT_FILES = 10;

/** Where earlier deployments are found, and what time it is. */
export interface RemainingOptions {
  /** Directory of the log files. */
  readonly directory: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Ends the reading early. */
  readonly signal?: AbortSignal;
}

/** When a deployment that has not ended should, for people; nothing for one that has, or without earlier successes. */
export async function remainingLines(
  timing: DeploymentTiming | undefined,
  { directory, nowMs, signal }: RemainingOptions,
): Promise<string[]> {
  if (!timing || timing.outcome !== undefined) return [];
  const past = await pastDeployments(directory, signal);
  const remainingMs = estimateRemainingMs(timing, past, nowMs);
  if (remainingMs === undefined) return [];
  const text =
    remainingMs === 0
      ? "Taking longer than the last deployments of this repository, or its log breaks off"
      : `About ${formatDuration(remainingMs / 1000)} left, judged by the last deployments of this repository`;
  return ["", text];
}

/**
 * How long deployments of a kind took lately, in milliseconds, by the last written logs of a directory; `undefined`
 * when none succeeded. Never throws: an estimate is an extra.
 */
export async function readTypicalDurationMs(
  kind: DeploymentKind,
  { directory, signal }: Omit<RemainingOptions, "nowMs">,
): Promise<number | undefined> {
  return typicalDurationMs(kind, await pastDeployments(directory, signal, RECENT_FILES));
}

// Another log that cannot be read must not keep this one from being shown.
async function pastDeployments(
  directory: string,
  signal: AbortSignal | undefined,
  files?: number,
): Promise<readonly DeploymentTiming[]> {
  const options = {
    directory,
    limit: PAST,
    ...(signal && { signal }),
    ...(files !== undefined && { files }),
  };
  try {
    return await readHistory(options);
  } catch (error) {
    if (error instanceof LogError) return [];
    throw error;
  }
}
