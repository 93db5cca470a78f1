import { ContinueQuestion } from "./continue-question.ts";
import { GroupTasks } from "./group-tasks.ts";
import { GroupFailed, GroupVerdicts } from "./group-verdicts.ts";
import { hasFailed } from "./host-run.ts";
import { HostRuns, type DeployResult } from "./host-runs.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { OrchestrateOptions } from "./orchestrate-options.ts";
import { runEverywhere } from "./run-everywhere.ts";
import { confirmSubgroup, runSubgroup } from "./run-subgroup.ts";
import type { RunningDeployment } from "./running-deployment.ts";
import { undo } from "./undo.ts";

/** Carries a plan out: groups in order, then finalize, or rollback of everything that changed in reverse order. */
export async function orchestrate(options: OrchestrateOptions): Promise<DeployResult> {
  const { emit, fleet, now, plan, resume } = options;
  const runs = new HostRuns(plan, resume);
  const leases = new LeaseKeeper(options);
  const context = { emit, fleet, now, leases };
  const deployment = { options, context, runs, verdicts: new GroupVerdicts(options, runs) };
  try {
    if (resume?.failure === undefined) return await carryOut(deployment);
    return await undo(deployment, { ...resume.failure, isUnattended: false });
  } finally {
    leases.close();
  }
}

async function carryOut(deployment: RunningDeployment): Promise<DeployResult> {
  try {
    await runGroups(deployment);
  } catch (error) {
    if (!(error instanceof GroupFailed)) throw error;
    const { isBad, isUnattended, message } = error;
    return await undo(deployment, { reason: message, isBad, isUnattended });
  }
  const { options, runs } = deployment;
  if (options.plan.finalizes) await finalize(deployment);
  const hasFailures = runs.all.some(hasFailed);
  return runs.result(options.plan.mode === "rollback" && hasFailures ? "failed" : "ok");
}

async function runGroups(deployment: RunningDeployment): Promise<void> {
  const { groups } = deployment.options.plan;
  const question = new ContinueQuestion(deployment);
  const tasks = new GroupTasks(deployment);
  const places = groups.flatMap((group) => group.subgroups.map((subgroup) => ({ group, subgroup })));
  for (const [index, place] of places.entries()) {
    const { subgroup } = place;
    await runSubgroup(deployment, place, tasks);
    const next = places[index + 1]?.subgroup;
    if (next !== undefined) await question.ask(subgroup.label, next.label);
    if (subgroup.lease?.confirmedBy === "verdict") await confirmSubgroup(deployment, place);
  }
}

async function finalize({ context, options, runs }: RunningDeployment): Promise<void> {
  for (const group of options.plan.groups) {
    const hosts = runs.of(group.hosts).filter((run) => run.promoted && run.state === "active");
    if (hosts.length > 0) await runEverywhere(context, "finalize", group, hosts);
  }
}
