import type { PlainRecord, PlainValue } from "../plain-record.ts";

/** How a stage ended on a host. */
export type HostOutcome = "ok" | "failed" | "unreachable" | "timed-out" | "skipped" | "cancelled";

/** Why a host did not get through a stage. */
export interface HostFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly output?: string;
}

interface Place {
  readonly group: string;
  readonly label: string;
  readonly stage: string;
}

/** A deployment begins. */
export interface DeployStarted {
  readonly event: "deploy.started";
  readonly mode: string;
  readonly repo: string;
  readonly commit: string;
  readonly revision: string;
  readonly user: string;
  readonly message: string;
  readonly groups: readonly { readonly name: string; readonly hosts: readonly string[] }[];
}

/** A stage ended on a host. */
export interface StageHostFinished extends Place {
  readonly event: "stage.host.finished";
  readonly host: string;
  readonly outcome: HostOutcome;
  readonly durationMs: number;
  readonly failure?: HostFailure;
}

/** A group passed or failed. */
export interface GroupVerdict {
  readonly event: "group.verdict";
  readonly group: string;
  readonly label: string;
  readonly passed: boolean;
  readonly reason?: string;
  readonly failedHosts: readonly string[];
}

/** A deployment ended. */
export interface DeployFinished {
  readonly event: "deploy.finished";
  readonly outcome: string;
  readonly durationMs: number;
  readonly deployed: readonly string[];
  readonly failedHosts: readonly string[];
  readonly untouched: readonly string[];
}

/** What a record tells about a deployment: the events of `scap deploy` as they stand in its log. */
export type ReportEvent =
  | DeployStarted
  | { readonly event: "subgroup.started"; readonly label: string; readonly hosts: readonly string[] }
  | ({ readonly event: "stage.started"; readonly hosts: readonly string[] } & Place)
  | ({ readonly event: "stage.host.started"; readonly host: string } & Place)
  | StageHostFinished
  | ({
      readonly event: "stage.finished";
      readonly counts: Readonly<Record<HostOutcome, number>>;
      readonly durationMs: number;
    } & Place)
  | GroupVerdict
  | { readonly event: "rollback.started"; readonly hosts: readonly string[] }
  | {
      readonly event: "rollback.finished";
      readonly restored: readonly string[];
      readonly failedHosts: readonly string[];
    }
  | DeployFinished;

/** The event of a record; undefined for one without, or with fields that no event of ours has. */
export function eventOf(record: PlainRecord): ReportEvent | undefined {
  const shape = SHAPES.get(record["event"] ?? null);
  if (shape === undefined) return undefined;
  const fits = Object.entries(shape).every(([field, test]) => test(record[field]));
  // Every field that a view reads has just been looked at.
  return fits ? (record as unknown as ReportEvent) : undefined;
}

type Test = (value: PlainValue | undefined) => boolean;
const OUTCOMES: readonly HostOutcome[] = ["ok", "failed", "unreachable", "timed-out", "skipped", "cancelled"];

const text: Test = (value) => typeof value === "string";
const number: Test = (value) => typeof value === "number";
const flag: Test = (value) => typeof value === "boolean";
const texts: Test = (value) => Array.isArray(value) && value.every(text);
const outcome: Test = (value) => OUTCOMES.some((known) => known === value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const fields =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const object = value as Readonly<Record<string, PlainValue>>;
    return Object.entries(tests).every(([name, test]) => test(object[name]));
  };

const place = { group: text, label: text, stage: text };
const group = fields({ name: text, hosts: texts });
const failure = fields({ code: text, message: text, hint: optional(text), output: optional(text) });
const counts = fields(Object.fromEntries(OUTCOMES.map((name) => [name, number])));
const groups: Test = (value) => Array.isArray(value) && value.every(group);

const SHAPES: ReadonlyMap<PlainValue, Readonly<Record<string, Test>>> = new Map<
  PlainValue,
  Readonly<Record<string, Test>>
>([
  [
    "deploy.started",
    { mode: text, repo: text, commit: text, revision: text, user: text, message: text, groups },
  ],
  ["subgroup.started", { label: text, hosts: texts }],
  ["stage.started", { ...place, hosts: texts }],
  ["stage.host.started", { ...place, host: text }],
  ["stage.host.finished", { ...place, host: text, outcome, durationMs: number, failure: optional(failure) }],
  ["stage.finished", { ...place, counts, durationMs: number }],
  ["group.verdict", { group: text, label: text, passed: flag, reason: optional(text), failedHosts: texts }],
  ["rollback.started", { hosts: texts }],
  ["rollback.finished", { restored: texts, failedHosts: texts }],
  [
    "deploy.finished",
    { outcome: text, durationMs: number, deployed: texts, failedHosts: texts, untouched: texts },
  ],
]);
