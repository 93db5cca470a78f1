import type { PlannedGroup, PlannedSubgroup } from "../plan/plan.ts";
import type { GroupVerdicts } from "./group-verdicts.ts";
import type { HostRuns } from "./host-runs.ts";
import type { OrchestrateOptions } from "./orchestrate-options.ts";
import type { RunContext } from "./run-everywhere.ts";

/** A plan that is being carried out: what all its steps share. */
export interface RunningDeployment {
  readonly options: OrchestrateOptions;
  readonly context: RunContext;
  readonly runs: HostRuns;
  readonly verdicts: GroupVerdicts;
}

/** Where in the plan a step is. */
export interface PlanPlace {
  readonly group: PlannedGroup;
  readonly subgroup: PlannedSubgroup;
}
