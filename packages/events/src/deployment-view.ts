import type {
  DeployEvent,
  DeployFinished,
  DeployStarted,
  GroupVerdict,
  HostOutcome,
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
export interface DeploymentView {
  readonly started: DeployStarted | undefined;
  readonly progress: StageProgress | undefined;
  readonly failures: readonly StageHostFinished[];
  readonly verdicts: readonly GroupVerdict[];
  readonly finished: DeployFinished | undefined;
}

/** The view before anything happened. */
export const EMPTY_VIEW: DeploymentView = {
  started: undefined,
  progress: undefined,
  failures: [],
  verdicts: [],
  finished: undefined,
};

/** The view after one more event. Pure: replaying the same events gives the same view. */
export function foldEvent(view: DeploymentView, event: DeployEvent): DeploymentView {
  switch (event.event) {
    case "deploy.started":
      return { ...EMPTY_VIEW, started: event };
    case "stage.started": {
      const { group, hosts, label, stage } = event;
      return {
        ...view,
        progress: { group, label, stage, total: hosts.length, inFlight: 0, ok: 0, failed: 0 },
      };
    }
    case "stage.host.started":
      return withProgress(view, { inFlight: 1 });
    case "stage.host.finished":
      return hostFinished(view, event);
    case "group.verdict":
      return { ...view, verdicts: [...view.verdicts, event] };
    case "deploy.finished":
      return { ...view, finished: event };
    case "stage.finished":
      return { ...view, progress: undefined };
    case "subgroup.started":
    case "rollback.started":
    case "rollback.finished":
      return view;
  }
}

function hostFinished(view: DeploymentView, event: StageHostFinished): DeploymentView {
  const failures = event.failure === undefined ? view.failures : [...view.failures, event];
  const wasStarted = !NEVER_STARTED.has(event.outcome);
  const ok = event.outcome === "ok" ? 1 : 0;
  const failed = wasStarted ? 1 - ok : 0;
  return withProgress({ ...view, failures }, { inFlight: wasStarted ? -1 : 0, ok, failed });
}

const NEVER_STARTED: ReadonlySet<HostOutcome> = new Set<HostOutcome>(["skipped", "cancelled"]);

function withProgress(
  view: DeploymentView,
  change: { readonly inFlight?: number; readonly ok?: number; readonly failed?: number },
): DeploymentView {
  const { progress } = view;
  if (progress === undefined) return view;
  return {
    ...view,
    progress: {
      ...progress,
      inFlight: progress.inFlight + (change.inFlight ?? 0),
      ok: progress.ok + (change.ok ?? 0),
      failed: progress.failed + (change.failed ?? 0),
    },
  };
}
