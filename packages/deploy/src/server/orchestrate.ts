import type { DeployEvent, DeployOutcome } from "@scap/events";
import type { DeployStep, StageName } from "../stage.ts";
import { isSymptom } from "../symptoms.ts";
import { hosts as hostCount } from "./event-text.ts";
import type { Fleet, FleetStageResult, LeavingVerdict } from "./fleet.ts";
import { hasFailed, isInRun, type HostRun } from "./host-run.ts";
import { LeaseKeeper, type AnswerLimit, type LeaseKeeperOptions } from "./lease-keeper.ts";
import type { DeployPlan, PlannedGroup, PlannedSubgroup } from "./plan.ts";
import type { ResumePoint } from "./resume.ts";
import { runStage, type RunStageOptions } from "./run-stage.ts";

/** Questions that come up while a deployment runs. */
export interface DeployQuestions {
  /** After a subgroup that is not the last: go on, stop, or go on without asking again. */
  continueAfter(
    label: string,
    next: string,
    limit?: AnswerLimit,
  ): Promise<"continue" | "stop" | "continue-all" | "unanswered">;
  /** After a group failed: roll back what was deployed? */
  rollBack(reason: string, hosts: readonly string[], limit?: AnswerLimit): Promise<boolean | "unanswered">;
}

export interface OrchestrateOptions {
  readonly plan: DeployPlan;
  readonly fleet: Fleet;
  readonly questions: DeployQuestions;
  readonly emit: (event: DeployEvent) => void;
  /** First wish to stop: nothing new is started. */
  readonly stop: AbortSignal;
  /** Milliseconds, only differences count. */
  readonly now: () => number;
  /** What hosts are to remember of the revision that a rollback leaves, if it is the newer one. */
  readonly leaving?: LeavingVerdict;
  /** Where a deployment goes on that was interrupted. */
  readonly resume?: ResumePoint;
  /** Timer for leases; see {@link LeaseKeeper}. */
  readonly every?: NonNullable<LeaseKeeperOptions["every"]>;
}

/** What a carried-out plan left behind. */
export interface DeployResult {
  readonly outcome: DeployOutcome;
  /** Hosts that now have the revision live. */
  readonly deployed: readonly string[];
  readonly failedHosts: readonly string[];
  readonly untouched: readonly string[];
  /** Why the first group that failed did. */
  readonly reason?: string;
}

/** Carries a plan out: groups in order, then finalize, or rollback of everything that changed in reverse order. */
export async function orchestrate(options: OrchestrateOptions): Promise<DeployResult> {
  return new Orchestration(options).run();
}

class GroupFailed extends Error {
  /** Whether the revision is to blame. */
  readonly isBad: boolean;

  constructor(reason: string, isBad: boolean) {
    super(reason);
    this.isBad = isBad;
  }
}

class Orchestration {
  readonly #options: OrchestrateOptions;
  readonly #runs = new Map<string, HostRun>();
  readonly #leases: LeaseKeeper;
  /** Group and stage of everything that was not done already. */
  readonly #worked = new Set<string>();
  #continueAll = false;
  #isUnattended = false;

  constructor(options: OrchestrateOptions) {
    this.#options = options;
    this.#leases = new LeaseKeeper(options);
    for (const group of options.plan.groups) {
      for (const host of group.hosts) {
        const changed = options.resume?.changed.includes(host) === true;
        const state = changed ? "active" : "waiting";
        this.#runs.set(host, { host, group: group.name, state, changed, promoted: changed });
      }
    }
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
    if (resume?.failure !== undefined)
      return await this.#handleFailure(resume.failure.reason, resume.failure.isBad);
    try {
      for (const [index, group] of groups.entries()) await this.#runGroup(group, groups[index + 1]);
    } catch (error) {
      if (!(error instanceof GroupFailed)) throw error;
      return await this.#handleFailure(error.message, error.isBad);
    }
    if (this.#options.plan.finalizes) await this.#finalize();
    const failed = [...this.#runs.values()].some(hasFailed);
    return this.#result(plan.mode === "rollback" && failed ? "failed" : "ok");
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
      const hosts = this.#runsOf(subgroup.hosts).filter(isInRun);
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
        shouldHold: () => this.#failuresOf(group).length > group.failureLimit,
        stop,
        emit,
        now,
      });
      this.#requirePassed(group, subgroup);
      if (subgroup === group.subgroups.at(-1) && this.#worked.has(`${group.name} ${stage}`))
        await this.#runTasks(group, subgroup, stage, "after");
    }
    this.#emitVerdict(group, label);
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
    const [run] = this.#runsOf(subgroup.hosts).filter(isInRun);
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
    this.#emitVerdict(group, subgroup.label, reason);
    throw new GroupFailed(reason, isSymptom(run.failure?.code ?? ""));
  }

  #requirePassed(group: PlannedGroup, subgroup: PlannedSubgroup): void {
    const reason = this.#verdict(group, subgroup);
    if (reason === undefined) return;
    this.#emitVerdict(group, subgroup.label, reason);
    throw new GroupFailed(
      reason,
      this.#failuresOf(group).some(({ failure }) => isSymptom(failure?.code ?? "")),
    );
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
    const hosts = this.#runsOf(subgroup.hosts).filter((run) => run.changed && run.state === "active");
    if (hosts.length === 0) return;
    await this.#runAll("confirm", group, {
      label: subgroup.label,
      hosts,
      work: async (host) => {
        this.#leases.release(host);
        await fleet.confirm(host);
        return { noop: false };
      },
    });
    this.#requirePassed(group, subgroup);
  }

  /** Why the group has failed by now, if it has. */
  #verdict(group: PlannedGroup, subgroup: PlannedSubgroup): string | undefined {
    const failed = this.#failuresOf(group);
    const of = `${failed.length} of ${hostCount(group.hosts.length)} failed in ${subgroup.label}`;
    if (failed.length > group.failureLimit) return `${of} (limit ${group.failureLimit})`;
    if (this.#options.stop.aborted) return `stopped while deploying ${subgroup.label}`;
    const alive = this.#runsOf(subgroup.hosts).filter((run) => run.state === "active");
    return alive.length === 0 && !this.#isRollback ? `${of}: no host is left` : undefined;
  }

  #emitVerdict(group: PlannedGroup, label: string, reason?: string): void {
    this.#options.emit({
      event: "group.verdict",
      group: group.name,
      label,
      passed: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      failedHosts: this.#failuresOf(group).map(({ host }) => host),
      hosts: group.hosts.length,
      failureLimit: group.failureLimit,
    });
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
      const hosts = this.#runsOf(group.hosts).filter((run) => run.promoted && run.state === "active");
      if (hosts.length > 0) await this.#runEverywhere("finalize", group, hosts);
    }
  }

  async #handleFailure(reason: string, isBad: boolean): Promise<DeployResult> {
    const { emit, plan, resume, stop } = this.#options;
    const changed = [...this.#runs.values()].filter((run) => run.changed);
    const interrupted = stop.aborted;
    // The run before was stopped when the last host had just gone back.
    if (changed.length === 0 && resume?.failure?.isAgreed === true)
      return this.#result("rolled-back", reason);
    if (plan.mode === "dry-run" || plan.mode === "restart" || this.#isRollback || changed.length === 0) {
      return this.#result(interrupted ? "interrupted" : "failed", reason);
    }
    const hosts = changed.map(({ host }) => host);
    if (!(await this.#askToRollBack(reason, hosts))) {
      await this.#keepChanged(changed);
      return this.#result(interrupted ? "interrupted" : "failed", reason);
    }
    emit({ event: "rollback.started", hosts });
    const leaving = { verdict: isBad ? "bad" : "unknown", reason } as const;
    const restored: string[] = [];
    for (const group of plan.groups.toReversed()) {
      const runs = changed.filter((run) => run.group === group.name);
      if (runs.length > 0) restored.push(...(await this.#runEverywhere("rollback", group, runs, leaving)));
    }
    const failedHosts = hosts.filter((host) => !restored.includes(host));
    for (const run of changed) run.promoted &&= failedHosts.includes(run.host);
    emit({ event: "rollback.finished", restored, failedHosts });
    const outcome = failedHosts.length > 0 ? "rollback-failed" : interrupted ? "interrupted" : "rolled-back";
    return this.#result(outcome, reason);
  }

  async #askToRollBack(reason: string, hosts: readonly string[]): Promise<boolean> {
    const { questions, resume } = this.#options;
    if (this.#isUnattended || resume?.failure?.isAgreed === true) return true;
    const answer = await this.#leases.whileAsking((limit) => questions.rollBack(reason, hosts, limit));
    return answer === "unanswered" || answer;
  }

  /** Somebody wants the hosts to stay as they are; without this they would go back by themselves. */
  async #keepChanged(changed: readonly HostRun[]): Promise<void> {
    const { fleet, plan } = this.#options;
    const leased = this.#leases.hosts;
    const work = async (host: string): Promise<FleetStageResult> => {
      await fleet.confirm(host);
      return { noop: false };
    };
    for (const group of plan.groups) {
      const runs = changed.filter(({ group: name, host }) => name === group.name && leased.includes(host));
      const hosts = runs.map((run): HostRun => ({ ...run, state: "waiting" }));
      if (hosts.length > 0) await this.#runAll("confirm", group, { label: group.name, hosts, work });
    }
  }

  /** Runs a stage that no failure stops; answers with the hosts where it worked. */
  async #runEverywhere(
    stage: StageName,
    group: PlannedGroup,
    runs: readonly HostRun[],
    leaving?: LeavingVerdict,
  ): Promise<string[]> {
    const { fleet } = this.#options;
    const options = { group: group.name, ...(leaving === undefined ? {} : { leaving }) };
    const attempts = runs.map((run): HostRun => ({ ...run, state: "waiting" }));
    const work = async (host: string): Promise<FleetStageResult> => {
      this.#leases.release(host);
      return await fleet.stage(host, stage, options);
    };
    await this.#runAll(stage, group, { label: group.name, hosts: attempts, work });
    return attempts.filter(({ state }) => state === "active").map(({ host }) => host);
  }

  /** A step on all hosts, whatever fails on some. */
  async #runAll(
    stage: DeployStep,
    group: PlannedGroup,
    options: Pick<RunStageOptions, "label" | "hosts" | "work">,
  ): Promise<void> {
    const { emit, now } = this.#options;
    await runStage({
      ...options,
      stop: new AbortController().signal,
      stage,
      group: group.name,
      batchSize: Math.max(...group.stages.map(({ batchSize }) => batchSize)),
      shouldHold: () => false,
      emit,
      now,
    });
  }

  /** On the way back nobody is asked, and no failure keeps other hosts from it. */
  get #isRollback(): boolean {
    return this.#options.plan.mode === "rollback";
  }

  #runsOf(hosts: readonly string[]): HostRun[] {
    return hosts.flatMap((host) => this.#runs.get(host) ?? []);
  }

  #failuresOf(group: PlannedGroup): HostRun[] {
    return this.#runsOf(group.hosts).filter(hasFailed);
  }

  #result(outcome: DeployOutcome, reason?: string): DeployResult {
    const runs = [...this.#runs.values()];
    const names = (some: readonly HostRun[]): string[] => some.map(({ host }) => host);
    return {
      outcome,
      deployed: names(runs.filter((run) => run.promoted && run.state === "active")),
      failedHosts: names(runs.filter(hasFailed)),
      untouched: names(
        runs.filter(({ state }) => state === "waiting" || state === "skipped" || state === "cancelled"),
      ),
      ...(reason === undefined ? {} : { reason }),
    };
  }
}

/** Whether a deployment did what it was asked to. */
export function finishedWell(result: DeployResult): boolean {
  return result.outcome === "ok";
}
