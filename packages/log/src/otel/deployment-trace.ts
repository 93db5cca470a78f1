import type { Context, Span, Tracer } from "@opentelemetry/api";
import { textForm } from "../message/python-text.ts";
import { plainNumber } from "../python-float.ts";
import type { LogRecord } from "../record.ts";

type Api = typeof import("@opentelemetry/api");

/** Turns the event records of a deployment into one trace. */
export interface DeploymentTrace {
  /** Takes a record; returns the context that its log record belongs to. */
  follow(record: LogRecord): Context | undefined;
  /** Ends what is still open, for a deployment that broke off. */
  end(): void;
}

/** Makes a trace over `deploy.started`, `stage.started`, `stage.host.finished`, `stage.finished`, `deploy.finished`. */
export function deploymentTrace(tracer: Tracer, api: Api): DeploymentTrace {
  let deployment: Span | undefined;
  const stages = new Map<string, Span>();
  const within = (span: Span | undefined): Context | undefined =>
    span && api.trace.setSpan(api.ROOT_CONTEXT, span);
  const open = (name: string, record: LogRecord, parent: Span | undefined, startMs = timeOf(record)): Span =>
    tracer.startSpan(
      name,
      { startTime: startMs, attributes: attributesOf(record) },
      within(parent) ?? api.ROOT_CONTEXT,
    );
  const end = (span: Span | undefined, record: LogRecord): void => {
    const outcome = textForm(record["outcome"] ?? "ok");
    if (outcome !== "ok") span?.setStatus({ code: api.SpanStatusCode.ERROR, message: outcome });
    span?.setAttribute("scap.outcome", outcome).end(timeOf(record));
  };
  const endAll = (): void => {
    for (const span of stages.values()) span.end();
    stages.clear();
    deployment?.end();
    deployment = undefined;
  };
  const handlers: Readonly<Record<string, (record: LogRecord) => void>> = {
    "deploy.started": (record) => {
      endAll();
      deployment = open("deploy", record, undefined);
    },
    "stage.started": (record) =>
      void stages.set(stageKey(record), open(stageName(record), record, deployment)),
    "stage.host.finished": (record) => {
      const startMs = timeOf(record) - (plainNumber(record["durationMs"]) ?? 0);
      const parent = stages.get(stageKey(record)) ?? deployment;
      end(open(`${stageName(record)} ${textForm(record["host"])}`, record, parent, startMs), record);
    },
    "stage.finished": (record) => {
      end(stages.get(stageKey(record)), record);
      stages.delete(stageKey(record));
    },
    "deploy.finished": (record) => {
      end(deployment, record);
      deployment = undefined;
    },
  };
  return {
    follow: (record) => {
      const before = stages.get(stageKey(record)) ?? deployment;
      const { event } = record;
      if (typeof event === "string" && Object.hasOwn(handlers, event)) handlers[event]?.(record);
      return within(before ?? deployment);
    },
    end: endAll,
  };
}

function timeOf({ created }: LogRecord): number {
  return created * 1000;
}

function stageName(record: LogRecord): string {
  return textForm(record["stage"] ?? "stage");
}

function stageKey(record: LogRecord): string {
  return `${textForm(record["label"] ?? "")} ${textForm(record["stage"] ?? "")}`;
}

const ATTRIBUTES = ["repo", "commit", "revision", "user", "group", "label", "stage", "host"] as const;

function attributesOf(record: LogRecord): Record<string, string> {
  const given = ATTRIBUTES.filter((key) => record[key] !== undefined && record[key] !== null);
  return Object.fromEntries(given.map((key) => [`scap.${key}`, textForm(record[key])]));
}
