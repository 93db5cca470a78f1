import type { DeployOutcome } from "@scap/events";
import { hasFailed, type HostRun } from "./host-run.ts";
import type { DeployPlan, PlannedGroup } from "../plan/plan.ts";
import type { ResumePoint } from "./resume.ts";

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

/** Whether a deployment did what it was asked to. */
export function finishedWell(result: DeployResult): boolean {
  return result.outcome === "ok";
}

/** All hosts of a plan, in its order, and what became of each so far. */
export class HostRuns {
  readonly #runs = new Map<string, HostRun>();

  constructor(plan: DeployPlan, resume?: ResumePoint) {
    for (const group of plan.groups) {
      for (const host of group.hosts) {
        const changed = resume?.changed.includes(host) === true;
        const state = changed ? "active" : "waiting";
        this.#runs.set(host, { host, group: group.name, state, changed, promoted: changed });
      }
    }
  }

  get all(): readonly HostRun[] {
    return [...this.#runs.values()];
  }

  of(hosts: readonly string[]): HostRun[] {
    return hosts.flatMap((host) => this.#runs.get(host) ?? []);
  }

  failuresOf(group: PlannedGroup): HostRun[] {
    return this.of(group.hosts).filter(hasFailed);
  }

  result(outcome: DeployOutcome, reason?: string): DeployResult {
    const names = (some: readonly HostRun[]): string[] => some.map(({ host }) => host);
    return {
      outcome,
      deployed: names(this.all.filter((run) => run.promoted && run.state === "active")),
      failedHosts: names(this.all.filter(hasFailed)),
      untouched: names(
        this.all.filter(({ state }) => state === "waiting" || state === "skipped" || state === "cancelled"),
      ),
      ...(reason === undefined ? {} : { reason }),
    };
  }
}
