import {
  plannedHosts,
  readEvent,
  type DeployEvent,
  type DeployStarted,
  type PlannedHost,
} from "@scap/events";
import type { PlainRecord } from "../src/plain-record.ts";
import { Moments } from "./moments.ts";
import { hostSpans, stageSpans, type HostSpan, type StageSpan } from "./spans.ts";

/** Everything that the page shows, computed once. */
export interface ReportModel {
  readonly records: readonly PlainRecord[];
  readonly started: DeployStarted | undefined;
  readonly hosts: readonly PlannedHost[];
  readonly moments: Moments;
  readonly stages: readonly StageSpan[];
  readonly hostSpans: readonly HostSpan[];
  /** Seconds since the epoch. */
  readonly startedAt: number;
  /** Milliseconds from the start, by record; never falls, whatever the clocks of the hosts say. */
  readonly timesMs: Float64Array;
  readonly durationMs: number;
  /** When hosts failed, in milliseconds from the start. */
  readonly failuresMs: readonly number[];
}

/** Computes the model of a deployment's records. */
export function reportModel(records: readonly PlainRecord[]): ReportModel {
  const events = records.map(readEvent);
  const started = events.find((event) => event?.event === "deploy.started");
  const hosts = started?.event === "deploy.started" ? plannedHosts(started.groups) : [];
  const startedAt = records[0]?.created ?? 0;
  const timesMs = risingTimes(records, startedAt);
  const hostNumbers = new Map(hosts.map(({ name }, at) => [name, at]));
  return {
    records,
    started: started?.event === "deploy.started" ? started : undefined,
    hosts,
    moments: new Moments(events, hosts),
    stages: stageSpans(events, timesMs),
    hostSpans: hostSpans(events, timesMs, hostNumbers),
    startedAt,
    timesMs,
    durationMs: Math.max(1, Math.ceil(timesMs.at(-1) ?? 0)),
    failuresMs: failureTimes(events, timesMs),
  };
}

/** How many records there are up to a time. */
export function recordsUpTo({ timesMs }: ReportModel, ms: number): number {
  let [low, high] = [0, timesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function risingTimes(records: readonly PlainRecord[], startedAt: number): Float64Array {
  let latest = 0;
  return Float64Array.from(
    records,
    ({ created }) => (latest = Math.max(latest, (created - startedAt) * 1000)),
  );
}

function failureTimes(events: readonly (DeployEvent | undefined)[], timesMs: Float64Array): number[] {
  const times = new Set<number>();
  events.forEach((event, at) => {
    if (event?.event === "stage.host.finished" && event.failure !== undefined) times.add(timesMs[at] ?? 0);
  });
  return [...times];
}
