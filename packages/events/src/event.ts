/**
 * Everything that happens in a deployment, in the order in which it happened. Each event is one log record; every
 * view of a deployment is a fold over these.
 */
export type DeployEvent =
  | DeployStarted
  | SubgroupStarted
  | StageStarted
  | StageHostStarted
  | StageHostFinished
  | StageFinished
  | GroupVerdict
  | RollbackStarted
  | RollbackFinished
  | DeployFinished;

/** A deployment begins; `groups` are in the order of the plan. */
export interface DeployStarted {
  readonly event: "deploy.started";
  /** What `scap deploy` was asked for, for example `deploy` or `dry-run`. */
  readonly mode: string;
  readonly repo: string;
  readonly environment: string | null;
  readonly commit: string;
  readonly revision: string;
  readonly tag: string | null;
  /** The account that it runs as. */
  readonly user: string;
  /** Who logged in to become that account, where the system knows it and it is another one. */
  readonly loginUser?: string;
  /** Who called sudo, as sudo says: the variable `SUDO_USER`, which a caller can set as well. */
  readonly sudoUser?: string;
  readonly message: string;
  /** Stages that every host goes through, in order. */
  readonly stages?: readonly string[];
  /** The services that promoting or restarting handles, as `service_name` has them; absent when there are none. */
  readonly services?: string;
  /** Tag of the deployment that this one goes on with. */
  readonly resumes?: string;
  readonly groups: readonly {
    readonly name: string;
    readonly hosts: readonly string[];
    readonly failureLimit: number;
  }[];
}

/** The next slice of a group begins. */
export interface SubgroupStarted {
  readonly event: "subgroup.started";
  readonly group: string;
  readonly label: string;
  readonly hosts: readonly string[];
}

/** Where in a deployment an event belongs. */
interface StagePlace {
  readonly group: string;
  readonly label: string;
  readonly stage: string;
}

/** A stage begins on the hosts of a subgroup. */
export interface StageStarted extends StagePlace {
  readonly event: "stage.started";
  readonly hosts: readonly string[];
}

/** A stage begins on a host. */
export interface StageHostStarted extends StagePlace {
  readonly event: "stage.host.started";
  readonly host: string;
}

/** How a stage ended on a host. `skipped` and `cancelled` hosts were never started. */
export type HostOutcome = "ok" | "failed" | "unreachable" | "timed-out" | "skipped" | "cancelled";

/** Why a host did not get through a stage. */
export interface HostFailure {
  /** Stable and upper case, for example `CHECK_FAILED`. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Last lines of output. */
  readonly output?: string;
}

/** A stage ended on a host. */
export interface StageHostFinished extends StagePlace {
  readonly event: "stage.host.finished";
  readonly host: string;
  readonly outcome: HostOutcome;
  readonly durationMs: number;
  /** True when there was nothing to do. */
  readonly noop?: boolean;
  readonly failure?: HostFailure;
}

/** A stage ended on all hosts of a subgroup. */
export interface StageFinished extends StagePlace {
  readonly event: "stage.finished";
  readonly counts: Readonly<Record<HostOutcome, number>>;
  readonly durationMs: number;
}

/** A group passed, or too many of its hosts failed. */
export interface GroupVerdict {
  readonly event: "group.verdict";
  readonly group: string;
  readonly label: string;
  readonly passed: boolean;
  /** Why the group failed. */
  readonly reason?: string;
  readonly failedHosts: readonly string[];
  readonly hosts: number;
  readonly failureLimit: number;
}

/** Hosts go back to their previous revision. */
export interface RollbackStarted {
  readonly event: "rollback.started";
  readonly hosts: readonly string[];
}

/** Hosts went back, or could not. */
export interface RollbackFinished {
  readonly event: "rollback.finished";
  readonly restored: readonly string[];
  readonly failedHosts: readonly string[];
}

/** How a deployment as a whole ended. */
export type DeployOutcome = "ok" | "failed" | "rolled-back" | "rollback-failed" | "interrupted";

/** A deployment ended. */
export interface DeployFinished {
  readonly event: "deploy.finished";
  readonly outcome: DeployOutcome;
  readonly durationMs: number;
  /** Hosts that now run the commit. */
  readonly deployed: readonly string[];
  /** Hosts that failed or could not be reached. */
  readonly failedHosts: readonly string[];
  /** Hosts that were never started. */
  readonly untouched: readonly string[];
}
