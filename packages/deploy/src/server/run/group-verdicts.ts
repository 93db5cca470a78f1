import { isSymptom } from "../../symptoms.ts";
import { hosts as hostCount } from "./event-text.ts";
import type { HostRuns } from "./host-runs.ts";
import type { OrchestrateOptions } from "./orchestrate-options.ts";
import type { PlannedGroup, PlannedSubgroup } from "../plan/plan.ts";

/** Why the groups after this one are left alone. */
export class GroupFailed extends Error {
  /** Whether the revision is to blame. */
  readonly isBad: boolean;
  /** Whether a question went unanswered: nobody is asked another one. */
  readonly isUnattended: boolean;

  constructor(
    reason: string,
    { isBad = false, isUnattended = false }: { isBad?: boolean; isUnattended?: boolean } = {},
  ) {
    super(reason);
    this.isBad = isBad;
    this.isUnattended = isUnattended;
  }
}

/** Decides which groups have failed, and tells. */
export class GroupVerdicts {
  readonly #options: OrchestrateOptions;
  readonly #runs: HostRuns;

  constructor(options: OrchestrateOptions, runs: HostRuns) {
    this.#options = options;
    this.#runs = runs;
  }

  /** @throws GroupFailed when the group has failed by now */
  requirePassed(group: PlannedGroup, subgroup: PlannedSubgroup): void {
    const reason = this.#reason(group, subgroup);
    if (reason === undefined) return;
    this.emit(group, subgroup.label, reason);
    const failures = this.#runs.failuresOf(group);
    throw new GroupFailed(reason, { isBad: failures.some(({ failure }) => isSymptom(failure?.code ?? "")) });
  }

  /** Tells how a subgroup ended; it passed unless there is a reason. */
  emit(group: PlannedGroup, label: string, reason?: string): void {
    this.#options.emit({
      event: "group.verdict",
      group: group.name,
      label,
      passed: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      failedHosts: this.#runs.failuresOf(group).map(({ host }) => host),
      hosts: group.hosts.length,
      failureLimit: group.failureLimit,
    });
  }

  /** Why the group has failed by now, if it has. */
  #reason(group: PlannedGroup, subgroup: PlannedSubgroup): string | undefined {
    const failed = this.#runs.failuresOf(group);
    const of = `${failed.length} of ${hostCount(group.hosts.length)} failed in ${subgroup.label}`;
    const { abort, stop } = this.#options;
    // Hosts that were told to stop now have failed for no reason of their own.
    if (abort.aborted) return `${stopWord(abort.reason)} while deploying ${subgroup.label}`;
    if (failed.length > group.failureLimit) return `${of} (limit ${group.failureLimit})`;
    if (stop.aborted) return `${stopWord(stop.reason)} while deploying ${subgroup.label}`;
    const alive = this.#runs.of(subgroup.hosts).filter((run) => run.state === "active");
    return alive.length === 0 && this.#options.plan.mode !== "rollback"
      ? `${of}: no host is left`
      : undefined;
  }
}

/** A person knows why the deployment stopped; who was not there should be told that time was up, or the lock lost. */
function stopWord(reason: unknown): string {
  return reason instanceof Error && "code" in reason && typeof reason.code === "string"
    ? reason.message
    : "stopped";
}
