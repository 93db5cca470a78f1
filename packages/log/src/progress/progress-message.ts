import type { ProgressState } from "./progress-count.ts";

/** A report as the JSON message that web-run jobs send: one line without a line feed. */
export function progressMessage(state: ProgressState): string {
  return JSON.stringify({
    type: "progress",
    name: state.name,
    totalTasks: state.expected,
    tasksInFlight: state.inFlight ?? 0,
    tasksFinishedOk: state.ok,
    tasksFinishedFailed: state.failed,
    tasksFinishedTotal: state.ok + state.failed,
    tasksPercentComplete: state.percent,
    tasksRemaining: state.remaining,
    progressFinished: state.isFinished,
  });
}
