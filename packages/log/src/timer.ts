import { formatDuration } from "./duration.ts";
import type { Logger } from "./logger.ts";
import type { StatsClient } from "./metrics/statsd.ts";

/** What a timer measures and whom it tells. */
export interface TimerOptions {
  /** What is timed, for people: `Started <label>`, `Finished <label> (duration: 00m 01s)`. */
  readonly label: string;
  /** The surrounding logger; the events are written by its child `timer`. */
  readonly logger: Logger;
  /** For programs: `event.action` and the metric `scap.<name>`. The empty name means neither. @defaultValue label */
  readonly name?: string;
  /** Gets the duration as a timing. */
  readonly stats?: StatsClient;
  /** The time in milliseconds since the epoch. @defaultValue Date.now */
  readonly clock?: () => number;
}

/** A running timer. */
export interface Timer {
  /** Reports the time since the previous mark (or the start) under another label. */
  mark(label: string): void;
  /** Reports the end. Calls after the first do nothing. Returns the whole duration in milliseconds. */
  end(): number;
}

/** Starts a timer and says so. */
export function startTimer(options: TimerOptions): Timer {
  const { label, name = label, logger, clock = Date.now } = options;
  const events = logger.child("timer");
  const startMs = clock();
  const common = { "event.start": Math.floor(startMs) };
  let markedMs = startMs;
  // A clock that is set back must not make a duration negative.
  const timeMs = (): number => Math.max(clock(), markedMs);
  let durationMs: number | undefined;
  events.info(`Started ${label}`, { "event.action": name || null, ...common });
  return {
    mark: (markLabel) => {
      const nowMs = timeMs();
      const lapMs = nowMs - markedMs;
      markedMs = nowMs;
      events.info(finished(markLabel, lapMs), {
        "event.action": markLabel,
        ...common,
        ...nanoseconds(lapMs),
      });
      options.stats?.timing(metricName(markLabel), lapMs);
    },
    end: () => {
      if (durationMs !== undefined) return durationMs;
      const endMs = timeMs();
      durationMs = endMs - startMs;
      const times = { ...common, ...nanoseconds(durationMs), "event.end": Math.floor(endMs) };
      events.info(finished(label, durationMs), { "event.action": name || null, ...times });
      if (name !== "") options.stats?.timing(metricName(name), durationMs);
      return durationMs;
    },
  };
}

/** Times a block of work; the end is reported also when it fails. */
export async function timed<T>(options: TimerOptions, work: (timer: Timer) => Promise<T> | T): Promise<T> {
  const timer = startTimer(options);
  try {
    return await work(timer);
  } finally {
    timer.end();
  }
}

/** The metric of a timer: `scap.` and the label in lower case, with `_` for what is no letter, digit or `_`. */
export function metricName(label: string): string {
  return `scap.${label.toLowerCase().replace(/[^\p{L}\p{N}_]/gu, "_")}`;
}

function finished(label: string, durationMs: number): string {
  return `Finished ${label} (duration: ${formatDuration(durationMs / 1000)})`;
}

function nanoseconds(durationMs: number): { readonly "event.duration": number } {
  return { "event.duration": Math.round(durationMs * 1e6) };
}
