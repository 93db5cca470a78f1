import { hostChange, type DeployEvent, type HostState } from "@scap/events";

/** A stage of a subgroup, in milliseconds from the start. `toMs` is undefined when the log breaks off. */
export interface StageSpan {
  readonly label: string;
  readonly stage: string;
  readonly fromMs: number;
  toMs: number | undefined;
  failed: number;
}

/** A stage on one host. */
export interface HostSpan {
  readonly host: number;
  readonly stage: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: HostState;
}

type Events = readonly (DeployEvent | undefined)[];

/** When each stage of each subgroup ran. */
export function stageSpans(events: Events, timesMs: Float64Array): StageSpan[] {
  const spans: StageSpan[] = [];
  const open = new Map<string, StageSpan>();
  events.forEach((event, at) => {
    if (event?.event !== "stage.started" && event?.event !== "stage.finished") return;
    const { label, stage } = event;
    const key = JSON.stringify([label, stage]);
    const ms = timesMs[at] ?? 0;
    if (event.event === "stage.started") {
      const span: StageSpan = { label, stage, fromMs: ms, toMs: undefined, failed: 0 };
      spans.push(span);
      open.set(key, span);
      return;
    }
    const span = open.get(key);
    const { counts } = event;
    if (span)
      Object.assign(span, { toMs: ms, failed: counts.failed + counts.unreachable + counts["timed-out"] });
  });
  return spans;
}

/** When each stage ran on each host. */
export function hostSpans(
  events: Events,
  timesMs: Float64Array,
  hostNumbers: ReadonlyMap<string, number>,
): HostSpan[] {
  const spans: HostSpan[] = [];
  const started = new Map<string, number>();
  events.forEach((event, at) => {
    const [host = "", state = "not started"] = (event && hostChange(event)) ?? [];
    const number = hostNumbers.get(host);
    if (number === undefined || event === undefined || !("stage" in event)) return;
    const toMs = timesMs[at] ?? 0;
    if (state === "running") started.set(host, toMs);
    else spans.push({ host: number, stage: event.stage, fromMs: started.get(host) ?? toMs, toMs, state });
  });
  return spans;
}
