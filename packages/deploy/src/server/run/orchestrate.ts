import type { StageName } from "../../stage.ts";
import { isSymptom } from "../../symptoms.ts";
import type { FleetStageResult } from "../fleet/fleet.ts";
import { GroupFailed, GroupVerdicts } from "./group-verdicts.ts";
import { hasFailed, isInRun } from "./host-run.ts";
import { HostRuns, type DeployResult } from "./host-runs.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import type { OrchestrateOptions } from "./orchestrate-options.ts";
import type { PlannedGroup, PlannedSubgroup } from "../plan/plan.ts";
import { runEverywhere, runOnAll, type RunContext } from "./run-everywhere.ts";
import { runStage } from "./run-stage.ts";
import { undo } from "./undo.ts";

/** Carries a plan out: groups in order, then finalize, or rollback of everything that changed in reverse order. */
export async function orchestrate(options: OrchestrateOptions): Promise<DeployResult> {
  return new Orchestration(options).run();
}

class Orchestration {
  readonly #options: OrchestrateOptions;
  readonly #runs: HostRuns;
  readonly #verdicts: GroupVerdicts;
  readonly #leases: LeaseKeeper;
  readonly #context: RunContext;
  /** Group and stage of everything that was not done already. */
  readonly #worked = new Set<string>();
  #continueAll = false;
  #isUnattended = false;

  constructor(options: OrchestrateOptions) {
    this.#options = options;
    this.#runs = new HostRuns(options.plan, options.resume);
    this.#verdicts = new GroupVerdicts(options, this.#runs);
    this.#leases = new LeaseKeeper(options);
    const { emit, fleet, now } = options;
    this.#context = { emit, fleet, now, leases: this.#leases };
  }

  async run(): Promise<DeployResult> {
    try {
      return await this.#carryOut();
    } finally {
      this.#leases.close();
    }
  }

  async #carryOut(): Promise<DeployResult> {
    const { plan, resume } = this.#options;
    const { groups } = plan;
    if (resume?.failure !== undefined) return await this.#undo(resume.failure);
    try {
      for (const [index, group] of groups.entries()) await this.#runGroup(group, groups[index + 1]);
    } catch (error) {
      if (!(error instanceof GroupFailed)) throw error;
      return await this.#undo({ reason: error.message, isBad: error.isBad });
    }
    if (this.#options.plan.finalizes) await this.#finalize();
    const hasFailures = this.#runs.all.some(hasFailed);
    return this.#runs.result(plan.mode === "rollback" && hasFailures ? "failed" : "ok");
  }

  async #undo({ isBad, reason }: { reason: string; isBad: boolean }): Promise<DeployResult> {
    const isUnattended = this.#isUnattended;
    const [options, context, runs] = [this.#options, this.#context, this.#runs];
    return await undo({ options, context, runs, reason, isBad, isUnattended });
  }

  async #runGroup(group: PlannedGroup, following: PlannedGroup | undefined): Promise<void> {
    for (const [index, subgroup] of group.subgroups.entries()) {
      await this.#runSubgroup(group, subgroup);
      const next = group.subgroups[index + 1] ?? following?.subgroups[0];
      if (next !== undefined) await this.#askToContinue(subgroup.label, next.label);
      if (subgroup.lease?.confirmedBy === "verdict") await this.#confirm(group, subgroup);
    }
  }

  async #runSubgroup(group: PlannedGroup, subgroup: PlannedSubgroup): Promise<void> {
    const { emit, now, stop } = this.#options;
    const { label } = subgroup;
    emit({ event: "subgroup.started", group: group.name, label, hosts: subgroup.hosts });
    for (const { stage, batchSize } of group.stages) {
      if (subgroup === group.subgroups[0]) await this.#runTasks(group, subgroup, stage, "before");
      const hosts = this.#runs.of(subgroup.hosts).filter(isInRun);
      if (hosts.length === 0) break;
      await runStage({
        stage,
        group: group.name,
        label,
        hosts,
        batchSize,
        work: async (host) => {
          const result = await this.#stage(host, stage, group, subgroup);
          if (!result.noop) this.#worked.add(`${group.name} ${stage}`);
          return result;
        },
        shouldHold: () => this.#runs.failuresOf(group).length > group.failureLimit,
        stop,
        emit,
        now,
      });
      this.#verdicts.requirePassed(group, subgroup);
      if (subgroup === group.subgroups.at(-1) && this.#worked.has(`${group.name} ${stage}`))
        await this.#runTasks(group, subgroup, stage, "after");
    }
    this.#verdicts.emit(group, label);
  }

  /** What one host does for all of its group. When it fails, no limit tolerates that. */
  async #runTasks(
    group: PlannedGroup,
    subgroup: PlannedSubgroup,
    stage: StageName,
    when: "before" | "after",
  ): Promise<void> {
    const { emit, fleet, now, stop } = this.#options;
    const tasks = group.tasks?.filter((task) => task.stage === stage && task.when === when) ?? [];
    const [run] = this.#runs.of(subgroup.hosts).filter(isInRun);
    if (tasks.length === 0 || run === undefined) return;
    await runStage({
      ...{ emit, now, stop, group: group.name, label: subgroup.label, batchSize: 1 },
      stage: `${when} ${stage}`,
      hosts: [run],
      work: (host) => fleet.stage(host, stage, { group: group.name, tasks: when }),
      shouldHold: () => false,
    });
    if (!hasFailed(run)) return;
    const reason = `${tasks.map(({ name }) => name).join(", ")} failed ${when} ${stage} on ${run.host}`;
    this.#verdicts.emit(group, subgroup.label, reason);
    throw new GroupFailed(reason, isSymptom(run.failure?.code ?? ""));
  }

  async #stage(
    host: string,
    stage: StageName,
    group: PlannedGroup,
    { lease }: PlannedSubgroup,
  ): Promise<FleetStageResult> {
    const { fleet, leaving } = this.#options;
    const options = { group: group.name, ...(leaving === undefined ? {} : { leaving }) };
    if (stage !== "promote" || lease === undefined) return await fleet.stage(host, stage, options);
    const leaseMs = lease.timeoutMs;
    const promote = async (): Promise<FleetStageResult> => fleet.stage(host, stage, { ...options, leaseMs });
    return await this.#leases.promoting(host, leaseMs, promote);
  }

  /** What the subgroup's hosts promoted stays from now on. One that went back meanwhile counts as failed. */
  async #confirm(group: PlannedGroup, subgroup: PlannedSubgroup): Promise<void> {
    const { fleet } = this.#options;
    const hosts = this.#runs.of(subgroup.hosts).filter((run) => run.changed && run.state === "active");
    if (hosts.length === 0) return;
    await runOnAll(this.#context, "confirm", group, {
      label: subgroup.label,
      hosts,
      work: async (host) => {
        this.#leases.release(host);
        await fleet.confirm(host);
        return { noop: false };
      },
    });
    this.#verdicts.requirePassed(group, subgroup);
  }

  async #askToContinue(label: string, next: string): Promise<void> {
    const { questions, resume, stop } = this.#options;
    if (this.#continueAll || this.#isRollback || resume?.agreed.includes(next) === true) return;
    const answer = await this.#leases.whileAsking((limit) => questions.continueAfter(label, next, limit));
    if (stop.aborted) throw new GroupFailed(`stopped after ${label}`, false);
    if (answer === "stop") throw new GroupFailed(`aborted by the user after ${label}`, true);
    this.#isUnattended = answer === "unanswered";
    if (this.#isUnattended) throw new GroupFailed(`nobody confirmed ${label} in time`, false);
    this.#continueAll = answer === "continue-all";
  }

  async #finalize(): Promise<void> {
    for (const group of this.#options.plan.groups) {
      const hosts = this.#runs.of(group.hosts).filter((run) => run.promoted && run.state === "active");
      if (hosts.length > 0) await runEverywhere(this.#context, "finalize", group, hosts);
    }
  }

  /** On the way back nobody is asked, and no failure keeps other hosts from it. */
  get #isRollback(): boolean {
    return this.#options.plan.mode === "rollback";
  }
}
