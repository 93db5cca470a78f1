import { moduleOf } from "../filter/attribute.ts";
import { levelName } from "../levels.ts";
import { writeStrictJson } from "../json/write-json.ts";
import { formatMessage } from "../message/format-message.ts";
import { textForm } from "../message/python-text.ts";
import { RECORD_FIELDS, type LogRecord } from "../record.ts";
import { exceptionFields } from "./exception-fields.ts";
import type { WriterIdentity } from "./identity.ts";

/** `ecs` is the Elastic Common Schema 1.7.0 as newer dashboards read it; `flat` is the older layout. */
export type CentralLayout = "ecs" | "flat";

/** A record as data in one of the central layouts; `centralJson` makes it one line. */
export type CentralRecord = Record<string, unknown>;

/** Lays a record out for a central log. */
export function layOut(record: LogRecord, layout: CentralLayout, writer: WriterIdentity): CentralRecord {
  return layout === "ecs" ? ecsRecord(record, writer) : flatRecord(record, writer);
}

/** A record of a central layout as one line of JSON, without the line feed. */
export function centralJson(record: CentralRecord): string {
  return writeStrictJson(record);
}

const STANDARD: ReadonlySet<string> = new Set([...RECORD_FIELDS, "message", "asctime"]);

function extrasOf(record: LogRecord): [string, unknown][] {
  return Object.entries(record).filter(([key, value]) => !STANDARD.has(key) && value !== undefined);
}

function flatRecord(record: LogRecord, writer: WriterIdentity): CentralRecord {
  const { filename = null, funcName = null, lineno = null } = record;
  return {
    "@version": 1,
    type: "scap",
    host: writer.host,
    script: writer.script,
    user: writer.user,
    levelname: levelName(record.levelno),
    pathname: filename,
    filename,
    module: moduleOf(filename),
    stack_info: null,
    lineno,
    funcName,
    process: writer.pid,
    ...Object.fromEntries(extrasOf(record)),
    channel: record.name,
    "@timestamp": utcSecond(record.created),
    message: formatMessage(record),
    ...(record.exc_text && { exception: exceptionFields(textForm(record.exc_text)) }),
  };
}

const RESERVED: ReadonlySet<string> = new Set([
  "ecs",
  "@timestamp",
  "host",
  "labels",
  "log",
  "process",
  "service",
  "message",
  "error",
]);

function ecsRecord(record: LogRecord, writer: WriterIdentity): CentralRecord {
  const extras = extrasOf(record).filter(([key]) => key !== "user" && key !== "host");
  const clashing = extras.filter(([key]) => RESERVED.has(key));
  // Labels are texts: that is where what would replace an object of the schema finds room.
  const labels = {
    ...Object.fromEntries(clashing.map(([key, value]) => [key, textForm(value)])),
    channel: record.name,
    ...(record.host !== undefined && { target: textForm(record.host) }),
  };
  return {
    ecs: { version: "1.7.0" },
    "@timestamp": utcSecond(record.created),
    host: { name: writer.host },
    labels,
    log: { level: levelName(record.levelno), logger: record.name, origin: originOf(record) },
    process: { executable: writer.script, pid: writer.pid },
    service: { type: "scap" },
    message: formatMessage(record),
    ...(record.exc_text && { error: { stack_trace: textForm(record.exc_text) } }),
    ...Object.fromEntries(extras.filter(([key]) => !RESERVED.has(key))),
    user: userOf(record["user"], writer),
  };
}

function originOf({ filename, lineno, funcName }: LogRecord): CentralRecord {
  return { file: { name: filename ?? null, line: lineno ?? null }, function: funcName ?? null };
}

function userOf(given: unknown, writer: WriterIdentity): unknown {
  if (typeof given !== "object" || given === null) return { name: writer.user };
  return { ...given, effective: { name: writer.user } };
}

function utcSecond(created: number): string {
  const date = new Date(Math.floor(created) * 1000);
  const text = Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
  return `${text.slice(0, 19)}Z`;
}
