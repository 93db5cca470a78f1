import { levelName } from "../levels.ts";
import { formatMessage } from "../message/format-message.ts";
import { textForm } from "../message/python-text.ts";
import type { LogRecord } from "../record.ts";

/** A record in the terms of OpenTelemetry. */
export interface OtelLogRecord {
  readonly timestamp: Date;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: string;
  readonly attributes: Record<string, string | number | boolean>;
}

const FIELDS: ReadonlySet<string> = new Set([
  "name",
  "msg",
  "args",
  "levelno",
  "created",
  "msecs",
  "relativeCreated",
]);

/** Translates a record: the message becomes the body, everything else attributes. */
export function otelLogRecord(record: LogRecord): OtelLogRecord {
  const attributes: Record<string, string | number | boolean> = {
    "log.record.template": textForm(record.msg),
  };
  for (const [key, value] of Object.entries(record)) {
    if (FIELDS.has(key) || value === null || value === undefined) continue;
    attributes[NAMES[key] ?? key] = attributeValue(value);
  }
  return {
    timestamp: new Date(record.created * 1000),
    severityNumber: severityNumber(record.levelno),
    severityText: levelName(record.levelno),
    body: formatMessage(record),
    attributes,
  };
}

const NAMES: Readonly<Record<string, string>> = {
  host: "scap.host",
  exc_text: "exception.stacktrace",
  filename: "code.file.path",
  lineno: "code.line.number",
  funcName: "code.function.name",
};

// OpenTelemetry counts TRACE 1, DEBUG 5, INFO 9, WARN 13, ERROR 17, FATAL 21.
function severityNumber(levelno: number): number {
  return Math.min(24, Math.max(1, Math.floor(levelno / 10) * 4 + 1));
}

function attributeValue(value: unknown): string | number | boolean {
  return typeof value === "number" || typeof value === "boolean" ? value : textForm(value);
}
