import type { DeployEvent, DeployFinished, DeployStarted } from "@scap/events";
import { isSymptom } from "../../symptoms.ts";

/** What the log of a deployment tells about how far it came. */
export interface LoggedDeployment {
  readonly started: DeployStarted;
  /** Undefined where the log breaks off. */
  readonly finished: DeployFinished | undefined;
  /** Subgroups that were begun; nobody has to be asked for them again. */
  readonly begun: readonly string[];
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

/** The fold: what is known after one more event. A new deployment starts afresh; before the first there is nothing. */
export function foldDeployment(
  known: LoggedDeployment | undefined,
  event: DeployEvent,
): LoggedDeployment | undefined {
  if (event.event === "deploy.started")
    return { started: event, finished: undefined, begun: [], failure: undefined, hasSymptom: false };
  if (known === undefined) return undefined;
  switch (event.event) {
    case "subgroup.started":
      return { ...known, begun: [...known.begun, event.label] };
    case "stage.host.finished":
      return isSymptom(event.failure?.code ?? "") ? { ...known, hasSymptom: true } : known;
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

/** Without a verdict, somebody did not want to go on. */
function failureOf({ hasSymptom }: LoggedDeployment, reason = "the deployment was stopped"): LoggedFailure {
  return { reason, isBad: hasSymptom, isAgreed: false };
}
