import { textForm } from "../message/python-text.ts";
import { plainNumber } from "../python-float.ts";
import type { LooseRecord } from "../record.ts";

/** A stage on one host. */
export interface HostStage {
  readonly host: string;
  readonly label: string;
  readonly stage: string;
  readonly outcome: string;
  readonly durationMs: number;
}

/** A stage on all hosts of a subgroup. */
export interface StageRun {
  readonly label: string;
  readonly stage: string;
  readonly durationMs: number;
}

/** What the event records of a log say about its last deployment. */
export interface DeploymentTiming {
  readonly repo: string;
  /** What was asked for, such as `deploy` or `dry-run`; empty when the record does not say. */
  readonly mode: string;
  /** What the deployer asked for, such as a branch or `HEAD`. */
  readonly revision: string;
  /** The commit that this was; empty when the record does not say. */
  readonly commit: string;
  readonly user: string;
  /** What the deployer said about it. */
  readonly message: string;
  /** Seconds since the epoch; 0 when the record does not say. */
  readonly startedAt: number;
  /** Names of the host groups, in order. */
  readonly groups: readonly string[];
  /** How it ended; `undefined` while it runs, or when its log breaks off. */
  readonly outcome: string | undefined;
  readonly durationMs: number;
  /** Every host of the plan. */
  readonly plannedHosts: readonly string[];
  readonly hostStages: readonly HostStage[];
  readonly stageRuns: readonly StageRun[];
}

/** The fold: the timing after one more record. Other records leave it as it is; a new deployment starts afresh. */
export function foldTiming(
  timing: DeploymentTiming | undefined,
  record: LooseRecord,
): DeploymentTiming | undefined {
  if (record["event"] === "deploy.started") return startedTiming(record);
  if (!timing) return undefined;
  switch (record["event"]) {
    case "stage.host.finished":
      return { ...timing, hostStages: appended(timing.hostStages, hostStage(record)) };
    case "stage.finished":
      return { ...timing, stageRuns: appended(timing.stageRuns, stageRun(record)) };
    case "deploy.finished":
      return { ...timing, outcome: textForm(record["outcome"]), durationMs: milliseconds(record) };
    default:
      return timing;
  }
}

// Grows the list in place: a fold over 100,000 records that copied it each time would be quadratic.
function appended<T>(list: readonly T[], item: T): readonly T[] {
  (list as T[]).push(item);
  return list;
}

function startedTiming(record: LooseRecord): DeploymentTiming {
  return {
    repo: textForm(record["repo"]),
    mode: textForm(record["mode"] ?? ""),
    revision: textForm(record["revision"]),
    commit: textForm(record["commit"] ?? ""),
    user: textForm(record["user"]),
    message: textForm(record["message"] ?? ""),
    startedAt: plainNumber(record["created"]) ?? 0,
    groups: groupsOf(record).map(({ name }) => textForm(name)),
    outcome: undefined,
    durationMs: 0,
    plannedHosts: groupsOf(record).flatMap(({ hosts }) => (Array.isArray(hosts) ? hosts.map(textForm) : [])),
    hostStages: [],
    stageRuns: [],
  };
}

function stageRun(record: LooseRecord): StageRun {
  const [label, stage] = [textForm(record["label"]), textForm(record["stage"])];
  return { label, stage, durationMs: milliseconds(record) };
}

function hostStage(record: LooseRecord): HostStage {
  return { ...stageRun(record), host: textForm(record["host"]), outcome: textForm(record["outcome"]) };
}

function milliseconds(record: LooseRecord): number {
  return plainNumber(record["durationMs"]) ?? 0;
}

interface LooseGroup {
  readonly name?: unknown;
  readonly hosts?: unknown;
}

function groupsOf({ groups }: LooseRecord): LooseGroup[] {
  if (!Array.isArray(groups)) return [];
  return groups.filter((group): group is LooseGroup => typeof group === "object" && group !== null);
}
