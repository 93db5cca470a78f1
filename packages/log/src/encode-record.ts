import { writeJson, writeJsonString } from "./json/write-json.ts";
import type { LogRecord } from "./record.ts";

/** The keys that the original always writes, in its order. */
const FIELDS = [
  "name",
  "msg",
  "args",
  "levelno",
  "filename",
  "exc_text",
  "lineno",
  "funcName",
  "created",
  "msecs",
  "relativeCreated",
] as const;
const KNOWN: ReadonlySet<string> = new Set(FIELDS);

/**
 * The record as one line of ASCII JSON, without the line feed, as the original's `deploy-log` reads it. The
 * known fields come first and are always there (null where the record has none); extras follow.
 */
export function encodeRecord(record: LogRecord): string {
  let line = `{"name": ${writeJsonString(record.name)}`;
  for (let at = 1; at < FIELDS.length; at += 1) {
    const field = FIELDS[at] as string;
    line += `, "${field}": ${writeJson(record[field] ?? null)}`;
  }
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (KNOWN.has(key) || value === undefined) continue;
    line += `, ${writeJsonString(key)}: ${writeJson(value)}`;
  }
  return `${line}}`;
}
