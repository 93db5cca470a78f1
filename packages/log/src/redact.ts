import { PythonFloat } from "./python-float.ts";
import { formatMessage } from "./message/format-message.ts";
import { textForm } from "./message/python-text.ts";
import type { LogRecord } from "./record.ts";

/** Removes the values of configured secrets from what leaves the process. */
export interface Redactor {
  /** The text without secrets. */
  text(text: string): string;
  /** The record without secrets, in all of its fields; the same object if there were none. */
  record(record: LogRecord): LogRecord;
  /** The error without secrets in message, stack, causes and fields; changed in place and returned. */
  error<E>(error: E): E;
}

/** What to remove, and what to put there. */
export interface RedactorOptions {
  /** The secret values. Those shorter than `minLength` are ignored: they would blank out ordinary text. */
  readonly secrets: readonly string[];
  /** What stands in their place. @defaultValue `[redacted]` */
  readonly replacement?: string;
  /** In characters. @defaultValue 4 */
  readonly minLength?: number;
}

const MAX_DEPTH = 900;

/** Makes a redactor for these values; their JSON-escaped and URL-encoded forms are removed as well. */
export function createRedactor(options: RedactorOptions): Redactor {
  const { secrets, replacement = "[redacted]", minLength = 4 } = options;
  const usable = secrets.filter((secret) => secret.length >= minLength);
  const pattern = secretPattern(usable);
  const text = (value: string): string => (pattern ? value.replace(pattern, () => replacement) : value);
  return {
    text,
    record: (record) => (pattern ? redactRecord(record, text) : record),
    error: (error) => {
      redactError(error, text, 0);
      return error;
    },
  };
}

function secretPattern(secrets: readonly string[]): RegExp | undefined {
  const forms = new Set(secrets.flatMap((s) => [s, JSON.stringify(s).slice(1, -1), urlForm(s), textRepr(s)]));
  // The longest first, so that a secret which contains another one goes as a whole.
  const sorted = [...forms].toSorted((a, b) => b.length - a.length);
  return sorted.length > 0 ? new RegExp(sorted.map(escapeRegExp).join("|"), "g") : undefined;
}

function urlForm(secret: string): string {
  return /\p{Cs}/u.test(secret) ? secret : encodeURIComponent(secret);
}

function textRepr(secret: string): string {
  return textForm([secret]).slice(2, -2);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

type TextRule = (text: string) => string;

function redactRecord(record: LogRecord, text: TextRule): LogRecord {
  const clean = redactValue(record, text, 0) as LogRecord;
  const message = formatMessage(clean);
  // A secret can come together only when the template is filled in.
  return text(message) === message ? clean : { ...clean, msg: text(message), args: [] };
}

function redactValue(value: unknown, text: TextRule, depth: number): unknown {
  if (typeof value === "string") return text(value);
  if (typeof value === "number" || typeof value === "bigint" || value instanceof PythonFloat) {
    const shown = textForm(value);
    return text(shown) === shown ? value : text(shown);
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "[nested too deeply]";
  return redactMembers(value, text, depth);
}

// An untouched object is kept as it is, which also keeps its order of keys.
function redactMembers(value: object, text: TextRule, depth: number): unknown {
  if (value instanceof Error) return text(`${value.name}: ${value.message}`);
  if (value instanceof Uint8Array) return text(new TextDecoder().decode(value));
  if (value instanceof Date) return value;
  if (value instanceof Set) return redactValue([...value], text, depth);
  if (value instanceof Map) return redactValue(Object.fromEntries(value), text, depth);
  if (Array.isArray(value)) {
    const items = value.map((item) => redactValue(item, text, depth + 1));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  const entries = Object.entries(value);
  const clean = entries.map(([key, item]) => [text(key), redactValue(item, text, depth + 1)] as const);
  const isSame = clean.every(([key, item], at) => key === entries[at]?.[0] && item === entries[at][1]);
  return isSame ? value : Object.fromEntries(clean);
}

function redactError(error: unknown, text: TextRule, depth: number): void {
  if (!(error instanceof Error) || depth > 10) return;
  error.message = text(error.message);
  if (error.stack !== undefined) error.stack = text(error.stack);
  for (const [key, value] of Object.entries(error)) {
    if (typeof value === "string") Object.assign(error, { [key]: text(value) });
  }
  redactError(error.cause, text, depth + 1);
}
