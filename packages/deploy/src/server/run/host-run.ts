import type { HostFailure } from "@scap/events";

/**
 * Where one host is in a deployment. A host that failed, was lost or was never started in a stage gets no later stage.
 *
 * `changed` says whether readers on the host may see something else than before; these are the hosts that a rollback
 * is for.
 */
export interface HostRun {
  readonly host: string;
  readonly group: string;
  state: "waiting" | "active" | "failed" | "unreachable" | "skipped" | "cancelled";
  changed: boolean;
  /** Whether this run made the commit current on the host, or found it current. */
  promoted: boolean;
  failure?: HostFailure;
}

/** Whether the host takes part in the next stage. */
export function isInRun(run: HostRun): boolean {
  return run.state === "waiting" || run.state === "active";
}

/** Whether the host counts against its group's failure limit. */
export function hasFailed(run: HostRun): boolean {
  return run.state === "failed" || run.state === "unreachable";
}
