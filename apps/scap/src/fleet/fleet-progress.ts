import type { Output } from "@scap/cli";
import { createReporter, type ProgressReporter, type ProgressState } from "@scap/log";

const COLUMNS = 80;

/** Progress of a round, `66% (2/3)  PASS 1  FAIL 1  running 1  00:05  ETA 00:02`. */
export function fleetProgress(stream: Output, isMuted: boolean): ProgressReporter {
  const startedMs = performance.now();
  const style = (state: ProgressState, _nowMs: number, spinner: string): string =>
    fleetProgressText(state, performance.now() - startedMs, spinner);
  return createReporter({ name: "run", stream, mute: isMuted, style });
}

/** One report; without an ETA before anything is known. */
export function fleetProgressText(state: ProgressState, elapsedMs: number, spinner: string): string {
  const { expected, failed, inFlight = 0, isFinished, ok, percent } = state;
  const done = ok + failed;
  const leftMs = done === 0 ? undefined : (elapsedMs / done) * (expected - done);
  const parts = [
    `${String(percent).padStart(3)}% (${done}/${expected})`,
    `PASS ${ok}`,
    `FAIL ${failed}`,
    `running ${inFlight}`,
    clock(elapsedMs),
    ...(isFinished ? [] : [`ETA ${leftMs === undefined ? "--:--" : clock(leftMs)}`]),
    spinner,
  ];
  return parts.join("  ").trimEnd().padEnd(COLUMNS);
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = hours > 0 ? [hours, minutes, rest] : [minutes, rest];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
