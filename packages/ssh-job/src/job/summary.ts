import { hasFailed, type HostResult } from "./host-result.ts";

/** A job in numbers. */
export interface JobSummary {
  readonly ok: number;
  readonly failed: number;
  /** Hosts that were skipped or cancelled. */
  readonly notRun: number;
  /** Mean and median time of the hosts that ran, in milliseconds; 0 when none did. */
  readonly meanMs: number;
  readonly medianMs: number;
}

/** Counts results and their times. */
export function summarizeJob(results: readonly HostResult[]): JobSummary {
  const failed = results.filter(hasFailed).length;
  const ok = results.filter(({ status }) => status === "ok").length;
  const times = results
    .filter(({ connectAttempts }) => connectAttempts > 0)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);
  return { ok, failed, notRun: results.length - ok - failed, meanMs: mean(times), medianMs: median(times) };
}

function mean(times: readonly number[]): number {
  return times.length === 0 ? 0 : times.reduce((sum, time) => sum + time, 0) / times.length;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}
