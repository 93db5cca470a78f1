import { writeJson, writeJsonString } from "./json/write-json.ts";
import { RECORD_FIELDS, type LogRecord } from "./record.ts";

const KNOWN: ReadonlySet<string> = new Set(RECORD_FIELDS);

/**
 * The record as one line of ASCII JSON, without the line feed, as the original's `deploy-log` reads it. The
 * known fields come first and are always there (null where the record has none); extras follow.
 */
export function encodeRecord(record: LogRecord): string {
  let line = `{"name": ${writeJsonString(record.name)}`;
  for (let at = 1; at < RECORD_FIELDS.length; at += 1) {
    const field = RECORD_FIELDS[at] as string;
    line += `, "${field}": ${writeJson(record[field] ?? null)}`;
  }
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (KNOWN.has(key) || value === undefined) continue;
    line += `, ${writeJsonString(key)}: ${writeJson(value)}`;
  }
  return `${line}}`;
}
