import type {
  DeployFinished,
  DeployStarted,
  GroupVerdict,
  HostOutcome,
  ReportEvent,
  StageHostFinished,
} from "./event.ts";

/** The stage that is running, and how far it is. */
export interface StageProgress {
  readonly group: string;
  readonly label: string;
  readonly stage: string;
  readonly total: number;
  readonly inFlight: number;
  readonly ok: number;
  readonly failed: number;
}

/** What a deployment looks like after the events so far. */
export interface DeploymentState {
  readonly started: DeployStarted | undefined;
  readonly progress: StageProgress | undefined;
  readonly failures: readonly StageHostFinished[];
  readonly verdicts: readonly GroupVerdict[];
  readonly finished: DeployFinished | undefined;
}

/** The state before anything happened. */
export const EMPTY_STATE: DeploymentState = {
  started: undefined,
  progress: undefined,
  failures: [],
  verdicts: [],
  finished: undefined,
};

/** The state after one more event. Pure: the same events give the same state wherever they are folded. */
export function foldState(state: DeploymentState, event: ReportEvent): DeploymentState {
  switch (event.event) {
    case "deploy.started":
      return { ...EMPTY_STATE, started: event };
    case "stage.started": {
      const { group, hosts, label, stage } = event;
      const progress = { group, label, stage, total: hosts.length, inFlight: 0, ok: 0, failed: 0 };
      return { ...state, progress };
    }
    case "stage.host.started":
      return advanced(state, 1, 0, 0);
    case "stage.host.finished":
      return withResult(state, event);
    case "group.verdict":
      return { ...state, verdicts: [...state.verdicts, event] };
    case "deploy.finished":
      return { ...state, finished: event };
    case "stage.finished":
      return { ...state, progress: undefined };
    case "subgroup.started":
    case "rollback.started":
    case "rollback.finished":
      return state;
  }
}

const NEVER_STARTED: ReadonlySet<HostOutcome> = new Set<HostOutcome>(["skipped", "cancelled"]);

function withResult(state: DeploymentState, event: StageHostFinished): DeploymentState {
  const hasFailed = event.failure !== undefined;
  const failures = hasFailed ? [...state.failures, event] : state.failures;
  const wasStarted = !NEVER_STARTED.has(event.outcome);
  const ok = event.outcome === "ok" ? 1 : 0;
  return advanced({ ...state, failures }, wasStarted ? -1 : 0, ok, wasStarted ? 1 - ok : 0);
}

function advanced(state: DeploymentState, inFlight: number, ok: number, failed: number): DeploymentState {
  const { progress } = state;
  if (progress === undefined) return state;
  return {
    ...state,
    progress: {
      ...progress,
      inFlight: progress.inFlight + inFlight,
      ok: progress.ok + ok,
      failed: progress.failed + failed,
    },
  };
}
