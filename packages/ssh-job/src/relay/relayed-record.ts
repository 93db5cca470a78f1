import { decodeRecord, type LogRecord, PythonFloat, RECORD_FIELDS } from "@scap/log";

/** Fields of the record format, which are taken over as they are. */
const TAKEN = RECORD_FIELDS.filter((field) => field !== "name");

/** Fields that say where a record comes from: never the target's to choose. */
const OURS = new Set<string>([...RECORD_FIELDS, "host", "relayed", "received"]);

const MOST_EXTRAS = 32;
const LONGEST_EXTRA = 64 * 1024;
const LONGEST_NAME = 200;

/** Where a relayed record comes from. */
export interface RelaySource {
  /** The host, as it was given to ssh. */
  readonly host: string;
  /** The log context that the job runs in, put in front of `target.<host>.`; empty for none. */
  readonly context: string;
  /** When the line came, in seconds since the epoch. */
  readonly receivedAt: number;
}

/**
 * Reads a line as a record of a target. Its name is put below `target.<host>.`, its host is the one the job ran on
 * whatever the record says, and `relayed` and `received` tell that it came over the wire. Of other fields only plain
 * values are taken over, a limited number of limited length.
 *
 * @returns `undefined` for a line that is plain text
 */
export function relayedRecord(line: string, source: RelaySource): LogRecord | undefined {
  // A failing command of the original prints a bell, often right in front of its last record.
  const text = line.replace(/^[\u0000-\u001f\u007f]+/, "");
  if (!text.startsWith("{")) return undefined;
  const record = decodeRecord(text);
  if (!record) return undefined;
  const prefix = source.context === "" ? "" : `${source.context}.`;
  return {
    ...standardFields(record),
    ...extraFields(record),
    name: `${prefix}target.${source.host}.${record.name.slice(0, LONGEST_NAME)}`,
    host: source.host,
    relayed: true,
    received: source.receivedAt,
  };
}

function standardFields(record: LogRecord): Pick<LogRecord, "msg" | "args" | "levelno" | "created"> {
  const present = TAKEN.filter((key) => record[key] !== undefined).map((key) => [key, record[key]]);
  const fields: Record<string, unknown> = Object.fromEntries(present);
  return { ...fields, msg: record.msg, args: record.args, levelno: record.levelno, created: record.created };
}

function extraFields(record: LogRecord): Record<string, unknown> {
  const extras = Object.entries(record).filter(([key, value]) => !OURS.has(key) && isPlainValue(value));
  const isName = ([key]: [string, unknown]): boolean => /^[A-Za-z_][\w.@-]{0,99}$/.test(key);
  return Object.fromEntries(
    extras
      .filter(isName)
      .slice(0, MOST_EXTRAS)
      .map(([key, value]) => [key, clamp(value)]),
  );
}

function isPlainValue(value: unknown): boolean {
  const isNumber = value instanceof PythonFloat;
  return isNumber || value === null || ["string", "number", "boolean", "bigint"].includes(typeof value);
}

function clamp(value: unknown): unknown {
  return typeof value === "string" ? value.slice(0, LONGEST_EXTRA) : value;
}
