import type { OutputStream } from "../sinks/stream-writer.ts";
import { ProgressCount, type ProgressState } from "./progress-count.ts";
import { plainWriter, type ProgressStyle, rateLimitedWriter, terminalWriter } from "./report-writers.ts";

/** Shows how far a number of tasks is. Every call but `state` is a report, which may be shown or not. */
export interface ProgressReporter {
  /** Sets how many tasks there are. */
  expect(count: number): void;
  /** Says that the work begins. */
  start(): void;
  /** Tasks were begun. @defaultValue 1 */
  addInFlight(count?: number): void;
  /** Tasks succeeded; they leave flight. @defaultValue 1 */
  addSuccess(count?: number): void;
  /** Tasks failed; they leave flight. @defaultValue 1 */
  addFailure(count?: number): void;
  /**
   * Sets how many tasks succeeded in all.
   *
   * @throws LogError with code `PROGRESS_IN_FLIGHT` once in-flight was used
   */
  setSuccess(count: number): void;
  /** Shows the present state again. */
  report(): void;
  /** Says that the work is over; the final state is always shown. */
  finish(): void;
  /** The counts at this moment. */
  state(): ProgressState;
}

/** How progress is shown. */
export interface ReporterOptions {
  /** What is in progress; people search logs for it. */
  readonly name: string;
  /** Where reports are written, normally `process.stderr`. */
  readonly stream: OutputStream & { readonly columns?: number };
  /** Count, but show nothing. @defaultValue false */
  readonly mute?: boolean;
  /** Pause between two reports off a terminal, in seconds. 0 shows every report. @defaultValue 30 */
  readonly intervalSeconds?: number;
  /** The time in milliseconds since the epoch. @defaultValue Date.now */
  readonly clock?: () => number;
  /** How a report reads. @defaultValue the original's form, `10:00:00 name:  33% (ok: 1; fail: 0; left: 2)` */
  readonly style?: ProgressStyle;
}

/**
 * Chooses the reporter for a stream: muted on request; on a terminal one line that is redrawn at most ten times a
 * second and cut to its width; else one line a report, rate limited.
 */
export function createReporter(options: ReporterOptions): ProgressReporter {
  const { name, mute = false, stream } = options;
  if (mute) return mutedReporter(name);
  return stream.isTTY === true ? terminalReporter(options) : rateLimitedReporter(options);
}

/** One line on a terminal, redrawn in place. */
export function terminalReporter({
  name,
  stream,
  style,
  clock = Date.now,
}: ReporterOptions): ProgressReporter {
  return new ProgressCount(name, terminalWriter({ stream, clock, style }));
}

/** Every report as a line of its own. */
export function plainReporter({ name, stream, style, clock = Date.now }: ReporterOptions): ProgressReporter {
  return new ProgressCount(name, plainWriter({ stream, clock, style }));
}

/** Lines, at most one in `intervalSeconds`; the first and the final report are always written. */
export function rateLimitedReporter(options: ReporterOptions): ProgressReporter {
  const { name, stream, style, clock = Date.now, intervalSeconds = 30 } = options;
  const intervalMs = intervalSeconds * 1000;
  return new ProgressCount(name, rateLimitedWriter({ stream, clock, style, intervalMs }));
}

/** Counts, and shows nothing. */
export function mutedReporter(name: string): ProgressReporter {
  return new ProgressCount(name, () => undefined);
}

/** Hands every report to a function, for example to send it to a web page. */
export function callbackReporter(name: string, changed: (state: ProgressState) => void): ProgressReporter {
  return new ProgressCount(name, changed);
}
