/** A process that was started from a revision that is no longer live. */
export interface StaleProcess {
  readonly revision: string;
  /** Name of the program. */
  readonly command: string;
  readonly pid: number;
}

/** What a host has learnt about a revision. */
export interface HostVerdict {
  readonly verdict: "good" | "bad" | "unknown";
  /** Why, unless it is good. */
  readonly reason?: string;
}

/** What is on a host, as found by looking. Revisions are full object ids. */
export interface HostState {
  /** Revision that is live; null when none is. */
  readonly current: string | null;
  /** Revision that was finalized last. */
  readonly done: string | null;
  readonly inProgress: string | null;
  /** Revision that a rollback would lead to; null when there is none. */
  readonly previous: string | null;
  /** What the host has learnt about the live revision; null when nothing. */
  readonly verdict: HostVerdict | null;
  /** Why the live revision is not as a deployment leaves it, for example a switch that was interrupted. */
  readonly damage: readonly string[];
  /** Lines of `git status --porcelain` of the live revision, without rendered files; null when git cannot tell. */
  readonly edited: readonly string[] | null;
  /** Rendered configuration files that differ from what was rendered, or are gone. */
  readonly configDrift: readonly string[];
  readonly staleProcesses: readonly StaleProcess[];
}

/** A host without any revision. */
export const NOT_DEPLOYED: HostState = {
  current: null,
  done: null,
  inProgress: null,
  previous: null,
  verdict: null,
  damage: [],
  edited: [],
  configDrift: [],
  staleProcesses: [],
};

/** Whether a host is exactly as its last deployment left it. */
export function isAsDeployed(state: HostState): boolean {
  const { configDrift, current, damage, done, edited, staleProcesses } = state;
  const isWhole = current !== null && current === done && damage.length === 0;
  return isWhole && edited?.length === 0 && configDrift.length === 0 && staleProcesses.length === 0;
}
