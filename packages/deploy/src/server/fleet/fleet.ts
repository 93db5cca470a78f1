import type { StageName } from "../../stage.ts";

/** What the orchestrator asks of the fleet. Every call may throw a TargetError. */
export interface Fleet {
  /** Runs a stage on one host. */
  stage(host: string, stage: StageName, options: FleetStageOptions): Promise<FleetStageResult>;
  /** The promoted revision stays on a host: its lease is over. */
  confirm(host: string): Promise<void>;
  /** Gives the lease of a host its whole length again. */
  renew(host: string): Promise<void>;
}

/** How a stage is run. */
export interface FleetStageOptions {
  /** Selects checks. */
  readonly group: string;
  /** Only the tasks before or after the stage that run on one host of the group, and not the stage. */
  readonly tasks?: "before" | "after";
  /** For `promote`: time for the confirmation, in milliseconds. */
  readonly leaseMs?: number;
  /** What the host is to remember of the revision whose place another one takes. */
  readonly leaving?: LeavingVerdict;
}

/** Why a revision is left. */
export interface LeavingVerdict {
  /** `bad` when the revision itself is to blame. */
  readonly verdict: "bad" | "unknown";
  readonly reason: string;
}

/** What a stage did on a host. */
export interface FleetStageResult {
  readonly noop: boolean;
  /** For `promote`: whether the revision was not yet finalized on the host. */
  readonly isUnfinished?: boolean;
}
