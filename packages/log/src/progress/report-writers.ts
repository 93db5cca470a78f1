import type { OutputStream } from "../sinks/stream-writer.ts";
import { visibleText } from "../visible-text.ts";
import type { ProgressState } from "./progress-count.ts";
import { progressCounts, progressText } from "./progress-text.ts";

const REDRAW_MS = 100;
const SPINNER = ["-", "\\", "|", "/"] as const;

type ReportWriter = (state: ProgressState) => void;
type Clock = () => number;

/** Writes a report's text, without its line end. `nowMs`: milliseconds since the epoch; `spinner`: one character or none. */
export type ProgressStyle = (state: ProgressState, nowMs: number, spinner: string) => string;

/** Where reports go, and what they look like. */
export interface ReportTarget {
  readonly stream: OutputStream & { readonly columns?: number };
  readonly clock: Clock;
  readonly style?: ProgressStyle | undefined;
}

/** Where the rate-limited reports go, and how often. */
export interface RateLimit extends ReportTarget {
  readonly intervalMs: number;
}

/** A terminal line, redrawn in place at most ten times a second; its last state is drawn when the pause is over. */
export function terminalWriter({ stream, clock, style = progressText }: ReportTarget): ReportWriter {
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let steps = 0;
  let later: NodeJS.Timeout | undefined;
  const draw = (state: ProgressState): void => {
    clearTimeout(later);
    later = undefined;
    drawnAtMs = clock();
    const spinner = state.isFinished ? "" : (SPINNER[steps % SPINNER.length] ?? "");
    steps += 1;
    const text = cutToWidth(visibleText(style(state, drawnAtMs, spinner)), stream.columns);
    stream.write(`${text}${state.isFinished ? "\n" : "\r"}`);
  };
  return (state) => {
    const waitMs = REDRAW_MS - passedMs(drawnAtMs, clock());
    if (state.isFinished || waitMs <= 0) return draw(state);
    clearTimeout(later);
    later = setTimeout(draw, waitMs, state).unref();
  };
}

// A line that reaches the last column makes some terminals wrap, and the carriage return no longer leads back.
function cutToWidth(text: string, columns: number | undefined): string {
  if (columns === undefined || text.length < columns) return text;
  return Array.from(text)
    .slice(0, Math.max(0, columns - 1))
    .join("");
}

/** One line a report; a final report that would repeat the last line is left out. */
export function plainWriter({ stream, clock, style = progressText }: ReportTarget): ReportWriter {
  let last = "";
  return (state) => {
    const counts = progressCounts(state);
    if (state.isFinished && counts === last) return;
    last = counts;
    stream.write(`${style(state, clock(), "")}\n`);
  };
}

/** Like `plainWriter`, but at most one report in the interval besides the first and the final one. */
export function rateLimitedWriter({ intervalMs, ...target }: RateLimit): ReportWriter {
  const { clock } = target;
  const write = plainWriter(target);
  let writtenAtMs = Number.NEGATIVE_INFINITY;
  return (state) => {
    const nowMs = clock();
    if (!state.isFinished && passedMs(writtenAtMs, nowMs) < intervalMs) return;
    writtenAtMs = nowMs;
    write(state);
  };
}

/** Time since the last report. A clock that was set back says nothing about it, and must not silence the next one. */
function passedMs(lastMs: number, nowMs: number): number {
  return nowMs < lastMs ? Number.POSITIVE_INFINITY : nowMs - lastMs;
}
