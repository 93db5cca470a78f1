import type { DeployEvent, DeployOutcome, HostOutcome } from "./event.ts";

/**
 * The event of a log record; undefined for a record without one, or with fields that no event of ours has. Records
 * come from files and from hosts, so every field is looked at.
 */
export function readEvent(record: Readonly<Record<string, unknown>>): DeployEvent | undefined {
  const shape = SHAPES.get(record["event"]);
  if (shape === undefined) return undefined;
  const fits = Object.entries(shape).every(([field, test]) => test(record[field]));
  // Every field of the event has just been looked at.
  return fits ? (record as unknown as DeployEvent) : undefined;
}

/** The event of a record without what only log files need, for programs. */
export function bareEvent(event: DeployEvent): DeployEvent {
  const fields = Object.keys(SHAPES.get(event.event) ?? {});
  const known = Object.entries(event).filter(([name]) => name === "event" || fields.includes(name));
  // Those are all fields that such an event has.
  return Object.fromEntries(known) as unknown as DeployEvent;
}

type Test = (value: unknown) => boolean;
const HOST_OUTCOMES: readonly HostOutcome[] = [
  "ok",
  "failed",
  "unreachable",
  "timed-out",
  "skipped",
  "cancelled",
];
const DEPLOY_OUTCOMES: readonly DeployOutcome[] = [
  "ok",
  "failed",
  "rolled-back",
  "rollback-failed",
  "interrupted",
];

const text: Test = (value) => typeof value === "string";
const number: Test = (value) => typeof value === "number";
const flag: Test = (value) => typeof value === "boolean";
const texts: Test = (value) => Array.isArray(value) && value.every(text);
const oneOf =
  (known: readonly string[]): Test =>
  (value) =>
    typeof value === "string" && known.includes(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const nullable =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const fields =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const object = value as Readonly<Record<string, unknown>>;
    return Object.entries(tests).every(([name, test]) => test(object[name]));
  };

const place = { group: text, label: text, stage: text };
const hostPlace = { ...place, host: text };
const group = fields({ name: text, hosts: texts, failureLimit: number });
const groups: Test = (value) => Array.isArray(value) && value.every(group);
const failure = fields({ code: text, message: text, hint: optional(text), output: optional(text) });
const counts = fields(Object.fromEntries(HOST_OUTCOMES.map((name) => [name, number])));

const SHAPES: ReadonlyMap<unknown, Readonly<Record<string, Test>>> = new Map<
  DeployEvent["event"],
  Readonly<Record<string, Test>>
>([
  [
    "deploy.started",
    {
      mode: text,
      repo: text,
      environment: nullable(text),
      commit: text,
      revision: text,
      tag: nullable(text),
      user: text,
      loginUser: optional(text),
      sudoUser: optional(text),
      message: text,
      stages: optional(texts),
      services: optional(text),
      resumes: optional(text),
      groups,
    },
  ],
  ["subgroup.started", { group: text, label: text, hosts: texts }],
  ["stage.started", { ...place, hosts: texts }],
  ["stage.host.started", hostPlace],
  [
    "stage.host.finished",
    {
      ...hostPlace,
      outcome: oneOf(HOST_OUTCOMES),
      durationMs: number,
      noop: optional(flag),
      failure: optional(failure),
    },
  ],
  ["stage.finished", { ...place, counts, durationMs: number }],
  [
    "group.verdict",
    {
      group: text,
      label: text,
      passed: flag,
      reason: optional(text),
      failedHosts: texts,
      hosts: number,
      failureLimit: number,
    },
  ],
  ["rollback.started", { hosts: texts }],
  ["rollback.finished", { restored: texts, failedHosts: texts }],
  [
    "deploy.finished",
    {
      outcome: oneOf(DEPLOY_OUTCOMES),
      durationMs: number,
      deployed: texts,
      failedHosts: texts,
      untouched: texts,
    },
  ],
]);
