import type { StageName } from "../../stage.ts";
import { plannedLease, type ConfirmPolicy, type PlannedLease } from "./planned-lease.ts";

/** What a run of `scap deploy` is for. */
export type DeployMode = "deploy" | "stages" | "restart" | "dry-run" | "init" | "rollback";

/** A deployment as plain data: computed before anything happens, printed by `--plan`, then carried out. */
export interface DeployPlan {
  readonly mode: DeployMode;
  readonly repo: string;
  readonly environment: string | null;
  /** Full object id of the commit. */
  readonly commit: string;
  /** What the user called it: `HEAD`, a tag, a branch. */
  readonly revision: string;
  /** How a revision reaches the targets. */
  readonly transfer: "ssh" | "git_server";
  readonly groups: readonly PlannedGroup[];
  /** The services that are handled after each switch, as `service_name` has them; absent when there are none. */
  readonly services?: string;
  /** Whether hosts that promoted the revision finalize it in the end. */
  readonly finalizes: boolean;
}

/** The hosts of one server group and how they are worked on. */
export interface PlannedGroup {
  readonly name: string;
  readonly hosts: readonly string[];
  /** How many hosts may fail before the group fails; unreachable hosts count. */
  readonly failureLimit: number;
  readonly subgroups: readonly PlannedSubgroup[];
  readonly stages: readonly PlannedStage[];
  /** What one of the hosts does for all; absent when there is nothing. */
  readonly tasks?: readonly PlannedTask[];
}

/** A slice of a group that goes through all stages before the next one starts. */
export interface PlannedSubgroup {
  readonly label: string;
  readonly hosts: readonly string[];
  /** Absent where a promotion needs no confirmation. */
  readonly lease?: PlannedLease;
}

/** A check that one host of the group runs for all: before the first begins a stage, or after the last has ended it. */
export interface PlannedTask {
  readonly name: string;
  readonly stage: StageName;
  readonly when: "before" | "after";
}

/** One stage and how many hosts work on it at once. */
export interface PlannedStage {
  readonly stage: StageName;
  readonly batchSize: number;
}

/** What {@link planDeployment} needs to know; everything is looked up before. */
export interface PlanInput {
  readonly mode: DeployMode;
  /** The only stage to run, for mode `stages`. */
  readonly stage?: StageName;
  readonly repo: string;
  readonly environment: string | null;
  readonly commit: string;
  readonly revision: string;
  readonly hasGitServer: boolean;
  /** Option `service_name`. @defaultValue none */
  readonly services?: string | undefined;
  readonly groups: readonly Omit<PlannedGroup, "stages" | "tasks">[];
  /** Hosts at once, for a stage. */
  readonly batchSize: (stage: StageName) => number;
  /** What runs once a group, or once in its own group. @defaultValue none */
  readonly tasks?: readonly (PlannedTask & { readonly group?: string })[];
  /** Which promotions need a confirmation, and within which time. @defaultValue none */
  readonly confirm?: { readonly policy: ConfirmPolicy; readonly timeoutMs: number };
}

/** Decides what happens where. Pure: the same input gives the same plan. */
export function planDeployment(input: PlanInput): DeployPlan {
  const stages = stagesOf(input.mode, input.stage).map((stage) => ({
    stage,
    batchSize: input.batchSize(stage),
  }));
  const promotes = stages.some(({ stage }) => stage === "promote");
  const handles = promotes || stages.some(({ stage }) => stage === "handle_service");
  const services = input.services?.trim() ?? "";
  return {
    mode: input.mode,
    repo: input.repo,
    environment: input.environment,
    commit: input.commit,
    revision: input.revision,
    transfer: input.hasGitServer ? "git_server" : "ssh",
    groups:
      input.mode === "init"
        ? []
        : input.groups.map((group, at) => ({
            ...inMode(input, group, at),
            stages,
            ...tasksOf(input, group.name, stages),
          })),
    ...(handles && services !== "" ? { services } : {}),
    finalizes: promotes,
  };
}

type UnstagedGroup = Omit<PlannedGroup, "stages" | "tasks">;

/** A rollback must not repeat what was done once, such as a migration of a database. */
function tasksOf(
  { mode, tasks = [] }: PlanInput,
  group: string,
  stages: readonly PlannedStage[],
): Pick<PlannedGroup, "tasks"> {
  const own = tasks
    .filter((task) => task.group === undefined || task.group === group)
    .filter((task) => stages.some(({ stage }) => stage === task.stage))
    .map(({ name, stage, when }) => ({ name, stage, when }));
  return own.length === 0 || mode === "rollback" ? {} : { tasks: own };
}

/** No failure keeps other hosts from a rollback, and nobody needs to confirm that hosts are where they were before. */
function inMode(input: PlanInput, group: UnstagedGroup, index: number): UnstagedGroup {
  switch (input.mode) {
    case "rollback":
      return { ...group, failureLimit: group.hosts.length };
    case "deploy":
      return { ...group, subgroups: leased(input, group, index) };
    case "stages":
      return input.stage === "promote" ? { ...group, subgroups: leased(input, group, index) } : group;
    case "restart":
    case "dry-run":
    case "init":
      return group;
  }
}

function leased(
  { confirm, groups }: PlanInput,
  group: UnstagedGroup,
  index: number,
): readonly PlannedSubgroup[] {
  if (confirm === undefined) return group.subgroups;
  const subgroups = group.subgroups.length;
  return group.subgroups.map((subgroup, at) => {
    const lease = plannedLease(confirm, { group: index, subgroup: at, groups: groups.length, subgroups });
    return lease === undefined ? subgroup : { ...subgroup, lease };
  });
}

function stagesOf(mode: DeployMode, stage: StageName | undefined): readonly StageName[] {
  switch (mode) {
    case "deploy":
      return ["fetch", "config_deploy", "promote"];
    case "stages":
      return stage === undefined ? [] : [stage];
    case "rollback":
      return ["promote"];
    case "restart":
      return ["handle_service"];
    case "dry-run":
      return ["config_diff"];
    case "init":
      return [];
  }
}
