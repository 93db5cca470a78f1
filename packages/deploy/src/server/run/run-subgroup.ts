import type { StageName } from "../../stage.ts";
import type { FleetStageResult } from "../fleet/fleet.ts";
import type { GroupTasks } from "./group-tasks.ts";
import { isInRun } from "./host-run.ts";
import { runOnAll } from "./run-everywhere.ts";
import { runStage } from "./run-stage.ts";
import type { PlanPlace, RunningDeployment } from "./running-deployment.ts";

/**
 * Runs all stages on the hosts of a subgroup.
 *
 * @throws GroupFailed as soon as its group has failed
 */
export async function runSubgroup(
  deployment: RunningDeployment,
  place: PlanPlace,
  tasks: GroupTasks,
): Promise<void> {
  const { options, runs, verdicts } = deployment;
  const { group, subgroup } = place;
  const { label } = subgroup;
  const { emit, now, stop } = options;
  emit({ event: "subgroup.started", group: group.name, label, hosts: subgroup.hosts });
  for (const { stage, batchSize } of group.stages) {
    await tasks.before(place, stage);
    const hosts = runs.of(subgroup.hosts).filter(isInRun);
    if (hosts.length === 0) break;
    await runStage({
      ...{ emit, now, stop, group: group.name, label, stage, hosts, batchSize },
      work: async (host) => {
        const result = await runOnHost(deployment, place, stage, host);
        tasks.noteWork(place, stage, result);
        return result;
      },
      shouldHold: () => runs.failuresOf(group).length > group.failureLimit,
    });
    verdicts.requirePassed(group, subgroup);
    await tasks.after(place, stage);
  }
  verdicts.emit(group, label);
}

async function runOnHost(
  { context, options }: RunningDeployment,
  { group, subgroup }: PlanPlace,
  stage: StageName,
  host: string,
): Promise<FleetStageResult> {
  const { fleet, leaving } = options;
  const { lease } = subgroup;
  const how = { group: group.name, ...(leaving === undefined ? {} : { leaving }) };
  if (stage !== "promote" || lease === undefined) return await fleet.stage(host, stage, how);
  const leaseMs = lease.timeoutMs;
  const promote = async (): Promise<FleetStageResult> => fleet.stage(host, stage, { ...how, leaseMs });
  return await context.leases.promoting(host, leaseMs, promote);
}

/**
 * What the subgroup's hosts promoted stays from now on. One that went back meanwhile counts as failed.
 *
 * @throws GroupFailed when its group has failed by that
 */
export async function confirmSubgroup(
  { context, runs, verdicts }: RunningDeployment,
  { group, subgroup }: PlanPlace,
): Promise<void> {
  const hosts = runs.of(subgroup.hosts).filter((run) => run.changed && run.state === "active");
  if (hosts.length === 0) return;
  await runOnAll(context, "confirm", group, {
    label: subgroup.label,
    hosts,
    work: async (host) => {
      context.leases.release(host);
      await context.fleet.confirm(host);
      return { noop: false };
    },
  });
  verdicts.requirePassed(group, subgroup);
}
