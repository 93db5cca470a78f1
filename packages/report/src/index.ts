export { ReportError } from "./errors.ts";
export type { ReportErrorOptions } from "./errors.ts";
export { renderReport } from "./render-report.ts";
export { plainRecord } from "./plain-record.ts";
export type { PlainRecord, PlainValue } from "./plain-record.ts";
export { eventOf } from "./fold/event.ts";
export type {
  DeployFinished,
  DeployStarted,
  GroupVerdict,
  HostFailure,
  HostOutcome,
  ReportEvent,
  StageHostFinished,
} from "./fold/event.ts";
export { EMPTY_STATE, foldState } from "./fold/deployment-fold.ts";
export type { DeploymentState, StageProgress } from "./fold/deployment-fold.ts";
export { failureGroups } from "./fold/failure-groups.ts";
export type { FailureGroup } from "./fold/failure-groups.ts";
export { finalHostStates, plannedHosts } from "./fold/host-states.ts";
export type { HostState, PlannedHost } from "./fold/host-states.ts";
