/** Arguments of a message template: a list for `%s`, a mapping for `%(key)s`. */
export type RecordArgs = readonly unknown[] | Readonly<Record<string, unknown>>;

/** The fields that the original always writes, in its order. */
export const RECORD_FIELDS = [
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

/** One event: the original's JSON record, with any extra fields beside the known ones. */
export interface LogRecord {
  /** Logger name, dot-separated. */
  readonly name: string;
  /** Message template in Python's `%` style; any JSON value is legal, a string is normal. */
  readonly msg: unknown;
  /** Arguments of the template; an empty list means that `msg` is taken as it is. */
  readonly args: RecordArgs;
  /** Level number, see `LEVELS`. */
  readonly levelno: number;
  /** Base name of the source file. */
  readonly filename?: string | null;
  /** Formatted exception, several lines. */
  readonly exc_text?: string | null;
  /** Source line. */
  readonly lineno?: number | null;
  /** Source function. */
  readonly funcName?: string | null;
  /** Seconds since the epoch, with a fraction. */
  readonly created: number;
  /** Millisecond part of `created`. */
  readonly msecs?: number;
  /** Milliseconds since the writing process started. */
  readonly relativeCreated?: number;
  /** The host that the event is about. */
  readonly host?: string;
  /** Extra attributes of the event. */
  readonly [extra: string]: unknown;
}

/** A record whose fields have not been checked: what a file may hold. */
export type LooseRecord = Readonly<Record<string, unknown>>;
