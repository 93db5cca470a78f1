/** The stages of a deployment on a target that checks can name. */
export const CHECK_STAGES: readonly string[] = [
  "fetch",
  "config_deploy",
  "promote",
  "handle_service",
  "rollback",
  "config_diff",
  "finalize",
];

const OLD_NAMES: Readonly<Record<string, string>> = { restart_service: "handle_service" };

/** The stage that a name of a `before` or `after` option stands for; undefined for an unknown name. */
export function stageOf(name: string): string | undefined {
  const stage = Object.hasOwn(OLD_NAMES, name) ? OLD_NAMES[name] : name;
  return stage !== undefined && CHECK_STAGES.includes(stage) ? stage : undefined;
}

/** What to write instead of an unknown stage name. */
export function stageHint(name: string): string {
  if (name === "restart") return "Write handle_service instead of restart.";
  return `Stages are ${CHECK_STAGES.join(", ")}.`;
}
