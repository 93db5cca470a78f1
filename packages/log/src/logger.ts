import { errorText } from "./error-text.ts";
import { LEVELS } from "./levels.ts";
import type { LogRecord, RecordArgs } from "./record.ts";
import type { Redactor } from "./redact.ts";
import type { Sink } from "./sink.ts";

/** Extra fields of an event. `args` fills the template, `error` becomes `exc_text`; the others are kept as they are. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What a logger is made of. */
export interface LoggerOptions {
  /** Logger name, dot-separated; people filter on it. */
  readonly name: string;
  /** Where records go. */
  readonly sinks: readonly Sink[];
  /** Fields that every record of this logger gets. */
  readonly fields?: LogFields;
  /** The time in milliseconds since the epoch. @defaultValue Date.now */
  readonly clock?: () => number;
  /** Removes secrets from every record before a sink sees it. */
  readonly redactor?: Redactor;
}

/** Writes records under one name. Without `fields.args` a message is taken as it is, with no `%` processing. */
export interface Logger {
  /** The name of the records. */
  readonly name: string;
  /** Level 10: for people who look for a cause. */
  debug(msg: string, fields?: LogFields): void;
  /** Level 20: what happens. */
  info(msg: string, fields?: LogFields): void;
  /** Level 30: something to look at. */
  warning(msg: string, fields?: LogFields): void;
  /** Level 40: something failed. */
  error(msg: string, fields?: LogFields): void;
  /** Level 50: the run failed. */
  critical(msg: string, fields?: LogFields): void;
  /** Writes at any level number. */
  log(levelno: number, msg: string, fields?: LogFields): void;
  /** A logger for a context inside this one: its name is appended with a dot (to nothing for `root`). */
  child(name: string, fields?: LogFields): Logger;
  /** A logger with exactly this name and the same sinks and fields, for example `scap.announce`. */
  named(name: string, fields?: LogFields): Logger;
  /** Hands on a finished record, for example one that came from a target. */
  emit(record: LogRecord): void;
}

/** Makes a logger. Loggers hold no state besides their options; closing the sinks is up to their owner. */
export function createLogger(options: LoggerOptions): Logger {
  return build(options, createOutput(options), (options.clock ?? Date.now)());
}

type Output = (record: LogRecord) => void;

function build(options: LoggerOptions, output: Output, startedMs: number): Logger {
  const { name, fields = {}, clock = Date.now } = options;
  const log = (levelno: number, msg: string, own?: LogFields): void => {
    output(
      makeRecord({
        name,
        levelno,
        msg,
        fields: own ? { ...fields, ...own } : fields,
        nowMs: clock(),
        startedMs,
      }),
    );
  };
  const named = (other: string, own?: LogFields): Logger =>
    build({ ...options, name: other, fields: { ...fields, ...own } }, output, startedMs);
  return {
    name,
    debug: (msg, own) => log(LEVELS.DEBUG, msg, own),
    info: (msg, own) => log(LEVELS.INFO, msg, own),
    warning: (msg, own) => log(LEVELS.WARNING, msg, own),
    error: (msg, own) => log(LEVELS.ERROR, msg, own),
    critical: (msg, own) => log(LEVELS.CRITICAL, msg, own),
    log,
    child: (context, own) => named(name === "" || name === "root" ? context : `${name}.${context}`, own),
    named,
    emit: output,
  };
}

interface RecordParts {
  readonly name: string;
  readonly levelno: number;
  readonly msg: string;
  readonly fields: LogFields;
  readonly nowMs: number;
  readonly startedMs: number;
}

// The order of the keys is the original's order on disk.
function makeRecord({ name, levelno, msg, fields, nowMs, startedMs }: RecordParts): LogRecord {
  const { args, error, exc_text: text, ...extras } = fields;
  return {
    name,
    msg,
    args: isArgs(args) ? args : [],
    levelno,
    filename: null,
    exc_text: typeof text === "string" ? text : error === undefined ? null : errorText(error),
    lineno: null,
    funcName: null,
    created: nowMs / 1000,
    msecs: Math.floor(nowMs % 1000),
    relativeCreated: nowMs - startedMs,
    ...extras,
  };
}

function isArgs(args: unknown): args is RecordArgs {
  return typeof args === "object" && args !== null;
}

/** A sink that throws is a bug in that sink; it must not end a deployment, so it is reported once and left out. */
function createOutput({ sinks, redactor }: LoggerOptions): Output {
  const broken = new Set<Sink>();
  const output = (record: LogRecord): void => {
    const safe = redactor ? redactor.record(record) : record;
    for (const sink of sinks) {
      if (broken.has(sink)) continue;
      try {
        sink.write(safe);
      } catch (error) {
        broken.add(sink);
        output(brokenSinkRecord(sink, error, record));
      }
    }
  };
  return output;
}

function brokenSinkRecord(sink: Sink, error: unknown, last: LogRecord): LogRecord {
  return {
    name: "root",
    msg: "The log sink %s failed and gets no more records: %s",
    args: [sink.name ?? "without a name", error instanceof Error ? error.message : String(error)],
    levelno: LEVELS.WARNING,
    created: last.created,
  };
}
