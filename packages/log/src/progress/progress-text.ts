import { clockText } from "../clock-text.ts";
import type { ProgressState } from "./progress-count.ts";

const COLUMNS = 80;

/** The counts of a report as the original writes them: ` 66% (ok: 1; fail: 1; left: 1)`. */
export function progressCounts(state: ProgressState): string {
  const inFlight = state.inFlight === undefined ? "" : `in-flight: ${state.inFlight}; `;
  const percent = String(state.percent).padStart(3);
  return `${percent}% (${inFlight}ok: ${state.ok}; fail: ${state.failed}; left: ${state.remaining})`;
}

/**
 * A whole report without its line end, padded to 80 columns.
 *
 * @param nowMs - the time to show, in milliseconds since the epoch
 * @param spinner - the character at the end, or nothing
 */
export function progressText(state: ProgressState, nowMs: number, spinner: string): string {
  const text = `${clockText(nowMs / 1000)} ${state.name}: ${progressCounts(state)} ${spinner}`;
  return text + " ".repeat(Math.max(0, COLUMNS - Array.from(text).length));
}
