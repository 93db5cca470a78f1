import type { DeployEvent, DeployFinished, DeployStarted, StageHostFinished } from "@scap/events";
import { isSymptom } from "../../symptoms.ts";

/** What the log of a deployment tells about how far it came. */
export interface LoggedDeployment {
  readonly started: DeployStarted;
  /** Undefined where the log breaks off. */
  readonly finished: DeployFinished | undefined;
  /** Subgroups that were begun; nobody has to be asked for them again. */
  readonly begun: readonly string[];
  /** What hosts of groups had to do and did: `canary promote`; for tasks of a group `canary after promote`. */
  readonly steps: readonly string[];
  /** Why a group failed, if one did. */
  readonly failure: LoggedFailure | undefined;
  /** Whether any failure so far speaks against the revision. */
  readonly hasSymptom: boolean;
}

/** A group that failed. */
export interface LoggedFailure {
  readonly reason: string;
  /** Whether the revision is to blame. */
  readonly isBad: boolean;
  /** Whether going back was already agreed on. */
  readonly isAgreed: boolean;
}

const NOTHING_YET: Omit<LoggedDeployment, "started"> = {
  finished: undefined,
  begun: [],
  steps: [],
  failure: undefined,
  hasSymptom: false,
};

/** The fold: what is known after one more event. A new deployment starts afresh; before the first there is nothing. */
export function foldDeployment(
  known: LoggedDeployment | undefined,
  event: DeployEvent,
): LoggedDeployment | undefined {
  if (event.event === "deploy.started") return { ...NOTHING_YET, started: event };
  if (known === undefined) return undefined;
  switch (event.event) {
    case "subgroup.started":
      return { ...known, begun: [...known.begun, event.label] };
    case "stage.host.finished":
      return hostFinished(known, event);
    case "group.verdict":
      return event.passed ? known : { ...known, failure: failureOf(known, event.reason) };
    case "rollback.started":
      return { ...known, failure: { ...(known.failure ?? failureOf(known, undefined)), isAgreed: true } };
    case "deploy.finished":
      return { ...known, finished: event };
    case "stage.started":
    case "stage.host.started":
    case "stage.finished":
    case "rollback.finished":
      return known;
  }
}

function hostFinished(known: LoggedDeployment, event: StageHostFinished): LoggedDeployment {
  if (isSymptom(event.failure?.code ?? "")) return { ...known, hasSymptom: true };
  const step = `${event.group} ${event.stage}`;
  const isNew = event.outcome === "ok" && event.noop !== true && !known.steps.includes(step);
  return isNew ? { ...known, steps: [...known.steps, step] } : known;
}

/** What is known of a deployment that went on with another one, which had come that far. */
export function joinDeployments(earlier: LoggedDeployment, later: LoggedDeployment): LoggedDeployment {
  return {
    ...later,
    begun: [...earlier.begun, ...later.begun],
    steps: [...earlier.steps, ...later.steps],
  };
}

/** Without a verdict, somebody did not want to go on. */
function failureOf({ hasSymptom }: LoggedDeployment, reason = "the deployment was stopped"): LoggedFailure {
  return { reason, isBad: hasSymptom, isAgreed: false };
}
