import type { DeployEvent } from "@scap/events";
import type { Fleet, LeavingVerdict } from "../fleet/fleet.ts";
import type { AnswerLimit, LeaseKeeperOptions } from "./lease-keeper.ts";
import type { DeployPlan } from "../plan/plan.ts";
import type { ResumePoint } from "./resume.ts";

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
  /** Second wish: no host can be reached any more, not to go back either. */
  readonly abort: AbortSignal;
  /** Milliseconds, only differences count. */
  readonly now: () => number;
  /** What hosts are to remember of the revision that a rollback leaves, if it is the newer one. */
  readonly leaving?: LeavingVerdict;
  /** Where a deployment goes on that was interrupted. */
  readonly resume?: ResumePoint;
  /** Timer for leases; see {@link LeaseKeeper}. */
  readonly every?: NonNullable<LeaseKeeperOptions["every"]>;
}
