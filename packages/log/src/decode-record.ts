import { type JsonValue, parseJson } from "./json/parse-json.ts";
import { PythonFloat, plainNumber } from "./python-float.ts";
import type { LogRecord, LooseRecord } from "./record.ts";

/** Derived on reading, or about the reading process in the original: never taken from a line. */
const IGNORED: readonly string[] = [
  "levelname",
  "pathname",
  "module",
  "process",
  "processName",
  "thread",
  "threadName",
  "stack_info",
  "exc_info",
];
// Control characters that a remote command printed in front of its record, such as a bell.
const LEADING_CONTROLS = /^[\u0000-\u0020\u007f]+/;

/**
 * Reads one line as a record. Control characters before the `{` are dropped.
 *
 * @returns `undefined` when the line is no record: not a JSON object, `args` of a wrong type, or a `name`,
 * `levelno` or `created` that is not what its type says. Keep such a line as plain text.
 */
export function decodeRecord(line: string): LogRecord | undefined {
  const record = decodeLooseRecord(line);
  if (!record) return undefined;
  const levelno = plainNumber(record["levelno"]);
  const created = plainNumber(record["created"]);
  const { name } = record;
  if (typeof name !== "string" || levelno === undefined || created === undefined) return undefined;
  return { ...record, levelno, created } as unknown as LogRecord;
}

/**
 * Like `decodeRecord`, but keeps fields of unexpected types as they are, as a viewer needs it: missing fields
 * get the defaults of the format, and only `args` must be usable.
 */
export function decodeLooseRecord(line: string): LooseRecord | undefined {
  const value = parseObject(line.replace(LEADING_CONTROLS, ""));
  if (!value) return undefined;
  const args = readArgs(value["args"]);
  if (args === undefined) return undefined;
  for (const key of IGNORED) if (key in value) delete value[key];
  return {
    ...value,
    name: "name" in value ? value["name"] : "",
    msg: "msg" in value ? value["msg"] : "",
    args,
    levelno: "levelno" in value ? value["levelno"] : 20,
    filename: value["filename"] ?? null,
    lineno: value["lineno"] ?? null,
    funcName: value["funcName"] ?? null,
    created: "created" in value ? value["created"] : Date.now() / 1000,
  };
}

function parseObject(text: string): { [key: string]: JsonValue } | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return parseJson(text) as { [key: string]: JsonValue };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readArgs(args: JsonValue | undefined): JsonValue[] | { [key: string]: JsonValue } | undefined {
  if (args === undefined) return [];
  if (typeof args === "string") return Array.from(args);
  if (typeof args !== "object" || args === null || args instanceof PythonFloat) return undefined;
  if (!Array.isArray(args)) return args;
  const [only] = args;
  return args.length === 1 && isMapping(only) ? only : args;
}

function isMapping(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof PythonFloat) && Object.keys(value).length > 0;
}
