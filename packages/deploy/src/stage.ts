/** Stages on a target that people and checks can name. */
export const STAGES = [
  "fetch",
  "config_deploy",
  "promote",
  "handle_service",
  "rollback",
  "config_diff",
  "finalize",
] as const;

export type StageName = (typeof STAGES)[number];

/** What a deployment does on a host, step by step: the stages, the tasks around them, and the confirmation of a promotion. */
export type DeployStep = StageName | "confirm" | `${"before" | "after"} ${StageName}`;

/** Stages of a deployment that no option changes, in order. */
export const DEFAULT_STAGES: readonly StageName[] = ["fetch", "config_deploy", "promote"];
