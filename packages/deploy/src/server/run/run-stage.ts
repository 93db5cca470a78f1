import { TargetError } from "../../errors.ts";
import type { DeployEvent, HostFailure, HostOutcome } from "@scap/events";
import type { DeployStep } from "../../stage.ts";
import type { FleetStageResult } from "../fleet/fleet.ts";
import type { HostRun } from "./host-run.ts";

/** How the fleet carries a stage out on one host. */
export type StageWork = (host: string) => Promise<FleetStageResult>;

export interface RunStageOptions {
  readonly stage: DeployStep;
  readonly group: string;
  readonly label: string;
  readonly hosts: readonly HostRun[];
  readonly batchSize: number;
  readonly work: StageWork;
  /** Asked before each start: true stops new hosts from being started. */
  readonly shouldHold: () => boolean;
  readonly stop: AbortSignal;
  readonly emit: (event: DeployEvent) => void;
  /** Milliseconds, only differences count. */
  readonly now: () => number;
}

/** Runs one stage on hosts, `batchSize` at a time and in order. Failing hosts are recorded, never thrown. */
export async function runStage(options: RunStageOptions): Promise<void> {
  const { emit, group, hosts, label, now, stage } = options;
  const started = now();
  const counts: Record<HostOutcome, number> = {
    ok: 0,
    failed: 0,
    unreachable: 0,
    "timed-out": 0,
    skipped: 0,
    cancelled: 0,
  };
  emit({ event: "stage.started", group, label, stage, hosts: hosts.map(({ host }) => host) });
  const queue = hosts.values();
  const lane = async (): Promise<void> => {
    for (const run of queue) counts[await runOnHost(run, options)] += 1;
  };
  await Promise.all(Array.from({ length: Math.min(options.batchSize, hosts.length) }, lane));
  emit({ event: "stage.finished", group, label, stage, counts, durationMs: now() - started });
}

async function runOnHost(run: HostRun, options: RunStageOptions): Promise<HostOutcome> {
  const { emit, group, label, now, stage } = options;
  const { host } = run;
  const place = { group, label, stage, host } as const;
  const held = heldBack(options);
  if (held !== undefined) {
    run.state = held;
    emit({ event: "stage.host.finished", ...place, outcome: held, durationMs: 0 });
    return held;
  }
  const started = now();
  run.state = "active";
  if (stage === "promote" || stage === "handle_service") run.changed = true;
  emit({ event: "stage.host.started", ...place });
  try {
    const result = await options.work(host);
    const { noop } = result;
    recordSuccess(run, stage, result);
    emit({ event: "stage.host.finished", ...place, outcome: "ok", noop, durationMs: now() - started });
    return "ok";
  } catch (error) {
    const { outcome, failure } = describeFailure(error);
    run.state = outcome === "timed-out" ? "unreachable" : outcome;
    run.failure = failure;
    emit({ event: "stage.host.finished", ...place, outcome, failure, durationMs: now() - started });
    return outcome;
  }
}

function heldBack(options: RunStageOptions): "cancelled" | "skipped" | undefined {
  if (options.stop.aborted) return "cancelled";
  return options.shouldHold() ? "skipped" : undefined;
}

/** What an earlier run promoted and did not finalize is this run's to finalize or to roll back. */
function recordSuccess(run: HostRun, stage: DeployStep, { isUnfinished, noop }: FleetStageResult): void {
  if (stage !== "promote") return;
  run.promoted = true;
  run.changed = !noop || isUnfinished === true;
}

type Failed = { readonly outcome: "failed" | "unreachable" | "timed-out"; readonly failure: HostFailure };

/** Errors that are not the target's are bugs of ours and end the run. */
function describeFailure(error: unknown): Failed {
  if (!(error instanceof TargetError)) throw error;
  const failure: HostFailure = {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.output === undefined ? {} : { output: error.output }),
  };
  if (error.code === "TIMED_OUT") return { outcome: "timed-out", failure };
  return { outcome: error.isUnreachable ? "unreachable" : "failed", failure };
}
