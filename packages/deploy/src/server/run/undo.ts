import type { FleetStageResult } from "../fleet/fleet.ts";
import type { HostRun } from "./host-run.ts";
import type { DeployResult } from "./host-runs.ts";
import { runEverywhere, runOnAll } from "./run-everywhere.ts";
import type { RunningDeployment } from "./running-deployment.ts";

/** Why a group failed, and what to know before everything is taken back. */
export interface DeployFailure {
  readonly reason: string;
  /** Whether the revision is to blame. */
  readonly isBad: boolean;
  /** Whether a question went unanswered: nobody is asked another one. */
  readonly isUnattended: boolean;
}

/** Takes back what changed, the last group first, unless somebody wants it to stay. */
export async function undo(deployment: RunningDeployment, failure: DeployFailure): Promise<DeployResult> {
  const { options, runs } = deployment;
  const { reason } = failure;
  const { abort, plan, resume, stop } = options;
  const changed = runs.all.filter((run) => run.changed);
  // The run before was stopped when the last host had just gone back.
  if (changed.length === 0 && resume?.failure?.isAgreed === true) return runs.result("rolled-back", reason);
  const outcome = stop.aborted ? "interrupted" : "failed";
  if (abort.aborted) return runs.result("interrupted", reason);
  const leavesNothing = plan.mode === "dry-run" || plan.mode === "restart" || changed.length === 0;
  if (leavesNothing || plan.mode === "rollback") return runs.result(outcome, reason);
  if (await wantsRollback(deployment, failure, changed)) return await rollBack(deployment, failure, changed);
  await keepChanged(deployment, changed);
  return runs.result(outcome, reason);
}

async function wantsRollback(
  { context, options }: RunningDeployment,
  { isUnattended, reason }: DeployFailure,
  changed: readonly HostRun[],
): Promise<boolean> {
  if (isUnattended || options.resume?.failure?.isAgreed === true) return true;
  const hosts = changed.map(({ host }) => host);
  const answer = await context.leases.whileAsking((limit) =>
    options.questions.rollBack(reason, hosts, limit),
  );
  return answer === "unanswered" || answer;
}

async function rollBack(
  { context, options, runs }: RunningDeployment,
  { isBad, reason }: DeployFailure,
  changed: readonly HostRun[],
): Promise<DeployResult> {
  const { emit, plan, stop } = options;
  const wasInterrupted = stop.aborted;
  const hosts = changed.map(({ host }) => host);
  emit({ event: "rollback.started", hosts });
  const leaving = { verdict: isBad ? "bad" : "unknown", reason } as const;
  const restored: string[] = [];
  for (const group of plan.groups.toReversed()) {
    const own = changed.filter((run) => run.group === group.name);
    if (own.length > 0) restored.push(...(await runEverywhere(context, "rollback", group, own, leaving)));
  }
  const failedHosts = hosts.filter((host) => !restored.includes(host));
  for (const run of changed) run.promoted &&= failedHosts.includes(run.host);
  emit({ event: "rollback.finished", restored, failedHosts });
  if (failedHosts.length > 0) return runs.result("rollback-failed", reason);
  return runs.result(wasInterrupted ? "interrupted" : "rolled-back", reason);
}

/** Somebody wants the hosts to stay as they are; without this they would go back by themselves. */
async function keepChanged(
  { context, options }: RunningDeployment,
  changed: readonly HostRun[],
): Promise<void> {
  const leased = context.leases.hosts;
  const work = async (host: string): Promise<FleetStageResult> => {
    await context.fleet.confirm(host);
    return { noop: false };
  };
  for (const group of options.plan.groups) {
    const own = changed.filter(({ group: name, host }) => name === group.name && leased.includes(host));
    const hosts = own.map((run): HostRun => ({ ...run, state: "waiting" }));
    if (hosts.length > 0) await runOnAll(context, "confirm", group, { label: group.name, hosts, work });
  }
}
