export type {
  DeployEvent,
  DeployFinished,
  DeployOutcome,
  DeployStarted,
  GroupVerdict,
  HostFailure,
  HostOutcome,
  RollbackFinished,
  RollbackStarted,
  StageFinished,
  StageHostFinished,
  StageHostStarted,
  StageStarted,
  SubgroupStarted,
} from "./event.ts";
export { EMPTY_VIEW, foldEvent } from "./deployment-view.ts";
export type { DeploymentView, StageProgress } from "./deployment-view.ts";
export { groupFailures } from "./failure-groups.ts";
export type { FailureGroup } from "./failure-groups.ts";
export { finalHostStates, HOST_STATES, hostChange, plannedHosts } from "./host-states.ts";
export type { HostState, PlannedHost } from "./host-states.ts";
export { bareEvent, readEvent } from "./read-event.ts";
