import type { DeployEvent } from "@scap/events";
import type { DeployStep, StageName } from "../../stage.ts";
import type { Fleet, FleetStageResult, LeavingVerdict } from "../fleet/fleet.ts";
import type { HostRun } from "./host-run.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import type { PlannedGroup } from "../plan/plan.ts";
import { runStage, type RunStageOptions } from "./run-stage.ts";

/** What work on hosts needs of the deployment that it belongs to. */
export interface RunContext {
  readonly fleet: Fleet;
  readonly leases: LeaseKeeper;
  readonly emit: (event: DeployEvent) => void;
  /** Milliseconds, only differences count. */
  readonly now: () => number;
}

/** A step on all hosts, whatever fails on some. */
export async function runOnAll(
  { emit, now }: Pick<RunContext, "emit" | "now">,
  step: DeployStep,
  group: PlannedGroup,
  options: Pick<RunStageOptions, "label" | "hosts" | "work">,
): Promise<void> {
  await runStage({
    ...options,
    stop: new AbortController().signal,
    stage: step,
    group: group.name,
    batchSize: Math.max(...group.stages.map(({ batchSize }) => batchSize)),
    shouldHold: () => false,
    emit,
    now,
  });
}

/** Runs a stage that no failure stops; answers with the hosts where it worked. */
export async function runEverywhere(
  context: RunContext,
  stage: StageName,
  group: PlannedGroup,
  runs: readonly HostRun[],
  leaving?: LeavingVerdict,
): Promise<string[]> {
  const { fleet, leases } = context;
  const options = { group: group.name, ...(leaving === undefined ? {} : { leaving }) };
  const attempts = runs.map((run): HostRun => ({ ...run, state: "waiting" }));
  const work = async (host: string): Promise<FleetStageResult> => {
    leases.release(host);
    return await fleet.stage(host, stage, options);
  };
  await runOnAll(context, stage, group, { label: group.name, hosts: attempts, work });
  return attempts.filter(({ state }) => state === "active").map(({ host }) => host);
}
