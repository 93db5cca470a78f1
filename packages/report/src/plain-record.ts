import { formatMessage, PythonFloat, textForm, type LooseRecord } from "@scap/log";

/** A value as JSON has it. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** A record of a log as a report keeps it: JSON values only, of bounded size, with the message written out. */
export interface PlainRecord {
  /** Seconds since the epoch. */
  readonly created: number;
  readonly levelno: number;
  readonly name: string;
  /** The message with its arguments, and the exception below it. */
  readonly text: string;
  readonly [attribute: string]: PlainValue;
}

const TEXT_CHARACTERS = 65_536;
const DEPTH = 6;
// Written out in `text`, or the same in every record.
const LEFT_OUT: ReadonlySet<string> = new Set([
  "args",
  "exc_text",
  "msecs",
  "relativeCreated",
  "filename",
  "lineno",
  "funcName",
]);

/**
 * Makes a record plain.
 *
 * @param created - the time for a record that has none, in seconds since the epoch
 */
export function plainRecord(record: LooseRecord, created: number): PlainRecord {
  const attributes: Record<string, PlainValue> = {};
  for (const [key, value] of Object.entries(record)) {
    if (!LEFT_OUT.has(key)) attributes[key] = plainValue(value, DEPTH);
  }
  return {
    ...attributes,
    created: finite(attributes["created"]) ?? created,
    levelno: finite(attributes["levelno"]) ?? 20,
    name: textForm(record["name"]),
    text: shortened(messageText(record)),
  };
}

function messageText(record: LooseRecord): string {
  const message = formatMessage(record);
  const exception = record["exc_text"];
  return typeof exception === "string" && exception !== "" ? `${message}\n${exception}` : message;
}

function finite(value: PlainValue | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

// Logs hold what targets say, so nothing about size or depth can be relied on.
function plainValue(value: unknown, depth: number): PlainValue {
  if (typeof value === "string") return shortened(value);
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (typeof value === "boolean" || value === null) return value;
  if (value instanceof PythonFloat) return value.value;
  if (typeof value !== "object" || depth === 0) return "…";
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item, depth - 1)]));
}

function shortened(text: string): string {
  if (text.length <= TEXT_CHARACTERS) return text;
  return `${text.slice(0, TEXT_CHARACTERS)}… (${text.length - TEXT_CHARACTERS} more characters are in the log)`;
}
