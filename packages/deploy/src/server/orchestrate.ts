import type { StageName } from "../stage.ts";
import type { DeployEvent, DeployOutcome } from "@scap/events";
import { hosts as hostCount } from "./event-text.ts";
import { hasFailed, isInRun, type HostRun } from "./host-run.ts";
import type { DeployPlan, PlannedGroup, PlannedSubgroup } from "./plan.ts";
import { runStage } from "./run-stage.ts";

/** What the orchestrator asks of the fleet. */
export interface Fleet {
  /** Runs a stage on one host. @throws TargetError */
  stage(host: string, stage: StageName, group: string): Promise<{ readonly noop: boolean }>;
}

/** Questions that come up while a deployment runs. */
export interface DeployQuestions {
  /** After a subgroup that is not the last: go on, stop, or go on without asking again. */
  continueAfter(label: string, next: string): Promise<"continue" | "stop" | "continue-all">;
  /** After a group failed: roll back what was deployed? */
  rollBack(reason: string, hosts: readonly string[]): Promise<boolean>;
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

class GroupFailed extends Error {}

class Orchestration {
  readonly #options: OrchestrateOptions;
  readonly #runs = new Map<string, HostRun>();
  #continueAll = false;

  constructor(options: OrchestrateOptions) {
    this.#options = options;
    for (const group of options.plan.groups) {
      for (const host of group.hosts) {
        this.#runs.set(host, { host, group: group.name, state: "waiting", changed: false, promoted: false });
      }
    }
  }

  async run(): Promise<DeployResult> {
    const { groups } = this.#options.plan;
    try {
      for (const [index, group] of groups.entries()) await this.#runGroup(group, groups[index + 1]);
    } catch (error) {
      if (!(error instanceof GroupFailed)) throw error;
      return this.#handleFailure(error.message);
    }
    if (this.#options.plan.finalizes) await this.#finalize();
    return this.#result("ok");
  }

  async #runGroup(group: PlannedGroup, following: PlannedGroup | undefined): Promise<void> {
    for (const [index, subgroup] of group.subgroups.entries()) {
      await this.#runSubgroup(group, subgroup);
      const next = group.subgroups[index + 1] ?? following?.subgroups[0];
      if (next !== undefined) await this.#askToContinue(subgroup.label, next.label);
    }
  }

  async #runSubgroup(group: PlannedGroup, subgroup: PlannedSubgroup): Promise<void> {
    const { emit, fleet, now, stop } = this.#options;
    const { label } = subgroup;
    emit({ event: "subgroup.started", group: group.name, label, hosts: subgroup.hosts });
    for (const { stage, batchSize } of group.stages) {
      const hosts = this.#runsOf(subgroup.hosts).filter(isInRun);
      if (hosts.length === 0) break;
      await runStage({
        stage,
        group: group.name,
        label,
        hosts,
        batchSize,
        work: (host) => fleet.stage(host, stage, group.name),
        shouldHold: () => this.#failuresOf(group).length > group.failureLimit,
        stop,
        emit,
        now,
      });
      const reason = this.#verdict(group, subgroup);
      if (reason === undefined) continue;
      this.#emitVerdict(group, label, reason);
      throw new GroupFailed(reason);
    }
    this.#emitVerdict(group, label);
  }

  /** Why the group has failed by now, if it has. */
  #verdict(group: PlannedGroup, subgroup: PlannedSubgroup): string | undefined {
    const failed = this.#failuresOf(group);
    const of = `${failed.length} of ${hostCount(group.hosts.length)} failed in ${subgroup.label}`;
    if (failed.length > group.failureLimit) return `${of} (limit ${group.failureLimit})`;
    if (this.#options.stop.aborted) return `stopped while deploying ${subgroup.label}`;
    const alive = this.#runsOf(subgroup.hosts).filter((run) => run.state === "active");
    return alive.length === 0 ? `${of}: no host is left` : undefined;
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
    if (this.#continueAll) return;
    const answer = await this.#options.questions.continueAfter(label, next);
    if (this.#options.stop.aborted) throw new GroupFailed(`stopped after ${label}`);
    if (answer === "stop") throw new GroupFailed(`aborted by the user after ${label}`);
    this.#continueAll = answer === "continue-all";
  }

  async #finalize(): Promise<void> {
    for (const group of this.#options.plan.groups) {
      const hosts = this.#runsOf(group.hosts).filter((run) => run.promoted && run.state === "active");
      if (hosts.length > 0) await this.#runEverywhere("finalize", group, hosts);
    }
  }

  async #handleFailure(reason: string): Promise<DeployResult> {
    const { emit, plan, questions, stop } = this.#options;
    const changed = [...this.#runs.values()].filter((run) => run.changed);
    const interrupted = stop.aborted;
    if (plan.mode === "dry-run" || plan.mode === "restart" || changed.length === 0) {
      return this.#result(interrupted ? "interrupted" : "failed", reason);
    }
    const hosts = changed.map(({ host }) => host);
    if (!(await questions.rollBack(reason, hosts))) {
      return this.#result(interrupted ? "interrupted" : "failed", reason);
    }
    emit({ event: "rollback.started", hosts });
    const restored: string[] = [];
    for (const group of plan.groups.toReversed()) {
      const runs = changed.filter((run) => run.group === group.name);
      if (runs.length > 0) restored.push(...(await this.#runEverywhere("rollback", group, runs)));
    }
    const failedHosts = hosts.filter((host) => !restored.includes(host));
    for (const run of changed) run.promoted &&= failedHosts.includes(run.host);
    emit({ event: "rollback.finished", restored, failedHosts });
    const outcome = failedHosts.length > 0 ? "rollback-failed" : interrupted ? "interrupted" : "rolled-back";
    return this.#result(outcome, reason);
  }

  /** Runs a stage that no failure stops; answers with the hosts where it worked. */
  async #runEverywhere(stage: StageName, group: PlannedGroup, runs: readonly HostRun[]): Promise<string[]> {
    const { emit, fleet, now } = this.#options;
    const attempts = runs.map((run): HostRun => ({ ...run, state: "waiting" }));
    await runStage({
      stage,
      group: group.name,
      label: group.name,
      hosts: attempts,
      batchSize: Math.max(...group.stages.map(({ batchSize }) => batchSize)),
      work: (host) => fleet.stage(host, stage, group.name),
      shouldHold: () => false,
      stop: new AbortController().signal,
      emit,
      now,
    });
    return attempts.filter(({ state }) => state === "active").map(({ host }) => host);
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
