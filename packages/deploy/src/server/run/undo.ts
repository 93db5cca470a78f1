import type { FleetStageResult } from "../fleet/fleet.ts";
import type { HostRun } from "./host-run.ts";
import type { DeployResult, HostRuns } from "./host-runs.ts";
import type { OrchestrateOptions } from "./orchestrate-options.ts";
import { runEverywhere, runOnAll, type RunContext } from "./run-everywhere.ts";

/** A group that failed, and what to know before everything is taken back. */
export interface FailedDeployment {
  readonly options: OrchestrateOptions;
  readonly context: RunContext;
  readonly runs: HostRuns;
  readonly reason: string;
  /** Whether the revision is to blame. */
  readonly isBad: boolean;
  /** Whether a question went unanswered: nobody is asked another one. */
  readonly isUnattended: boolean;
}

/** Takes back what changed, the last group first, unless somebody wants it to stay. */
export async function undo(failed: FailedDeployment): Promise<DeployResult> {
  const { options, reason, runs } = failed;
  const { abort, plan, resume, stop } = options;
  const changed = runs.all.filter((run) => run.changed);
  // The run before was stopped when the last host had just gone back.
  if (changed.length === 0 && resume?.failure?.isAgreed === true) return runs.result("rolled-back", reason);
  const outcome = stop.aborted ? "interrupted" : "failed";
  if (abort.aborted) return runs.result("interrupted", reason);
  const leavesNothing = plan.mode === "dry-run" || plan.mode === "restart" || changed.length === 0;
  if (leavesNothing || plan.mode === "rollback") return runs.result(outcome, reason);
  if (await wantsRollback(failed, changed)) return await rollBack(failed, changed, stop.aborted);
  await keepChanged(failed, changed);
  return runs.result(outcome, reason);
}

async function wantsRollback(failed: FailedDeployment, changed: readonly HostRun[]): Promise<boolean> {
  const { context, isUnattended, options, reason } = failed;
  if (isUnattended || options.resume?.failure?.isAgreed === true) return true;
  const hosts = changed.map(({ host }) => host);
  const answer = await context.leases.whileAsking((limit) =>
    options.questions.rollBack(reason, hosts, limit),
  );
  return answer === "unanswered" || answer;
}

async function rollBack(
  { context, isBad, options, reason, runs }: FailedDeployment,
  changed: readonly HostRun[],
  wasInterrupted: boolean,
): Promise<DeployResult> {
  const { emit, plan } = options;
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
  { context, options }: FailedDeployment,
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
