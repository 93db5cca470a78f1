import { METHODS } from "node:http";
import { numberIn } from "../check-options.ts";
import type { Check } from "../check.ts";

/** The resolved options of an `http` check. */
export interface HttpExpectation {
  readonly url: URL;
  readonly method: string;
  /** Accepted status codes. */
  readonly statuses: readonly number[];
  /** Text that must be in the body. */
  readonly body: string | undefined;
  readonly bodyPattern: RegExp | undefined;
  /** Text that must be in a header, by name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly maxLatencyMs: number;
  readonly unixSocket: string | undefined;
}

/** Reads the options of an `http` check; `expectation` is missing when something is wrong. */
export function readHttpExpectation(check: Check): {
  expectation: HttpExpectation | undefined;
  problems: string[];
} {
  const problems: string[] = [];
  const expectation = {
    url: readUrl(check, problems),
    method: readMethod(check, problems),
    statuses: readStatuses(check, problems),
    body: readText(check, "body", problems),
    bodyPattern: readPattern(check, problems),
    headers: readTexts(check, "headers", problems),
    requestHeaders: Object.fromEntries(readTexts(check, "request_headers", problems)),
    maxLatencyMs: readLatency(check, problems),
    unixSocket: readText(check, "unix_socket", problems),
  };
  const { url } = expectation;
  if (!url || problems.length > 0) return { expectation: undefined, problems };
  return { expectation: { ...expectation, url }, problems };
}

function readUrl(check: Check, problems: string[]): URL | undefined {
  const text = readText(check, "url", problems) ?? check.command;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === "http:" || url.protocol === "https:")) return url;
  problems.push(text === "" ? "there is no url" : `url is not an http or https address: ${text}`);
  return undefined;
}

function readMethod(check: Check, problems: string[]): string {
  const method = (readText(check, "method", problems) ?? "GET").toUpperCase();
  if (!METHODS.includes(method)) problems.push(`unknown method ${method}`);
  return method;
}

function readStatuses(check: Check, problems: string[]): number[] {
  const value = check.options.get("status") ?? 200;
  const statuses = (Array.isArray(value) ? value : [value]).map(numberIn);
  const usable = statuses.filter((status) => status !== undefined && status >= 100 && status <= 599);
  if (usable.length !== statuses.length || statuses.length === 0) {
    problems.push("status must be an HTTP status, or a list of them");
  }
  return usable.filter((status) => status !== undefined);
}

function readPattern(check: Check, problems: string[]): RegExp | undefined {
  const source = readText(check, "body_regex", problems);
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, "u");
  } catch (error) {
    problems.push(`body_regex cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function readTexts(check: Check, option: string, problems: string[]): Map<string, string> {
  const value = check.options.get(option) ?? new Map();
  const entries: [unknown, unknown][] =
    value instanceof Map ? [...value] : typeof value === "object" ? Object.entries(value) : [];
  const texts = new Map<string, string>();
  for (const [name, text] of entries) {
    if (typeof name === "string" && typeof text === "string" && !/[\r\n\0]/.test(name + text))
      texts.set(name, text);
    else problems.push(`${option} must map names to texts`);
  }
  if (entries.length === 0 && check.options.has(option)) problems.push(`${option} must map names to texts`);
  return texts;
}

function readLatency(check: Check, problems: string[]): number {
  const value = check.options.get("max_latency");
  if (value === undefined) return Number.POSITIVE_INFINITY;
  const seconds = numberIn(value);
  if (seconds !== undefined && seconds > 0) return seconds * 1000;
  problems.push("max_latency must be a number of seconds above zero");
  return Number.POSITIVE_INFINITY;
}

function readText(check: Check, option: string, problems: string[]): string | undefined {
  const value = check.options.get(option);
  if (value === undefined || typeof value === "string") return value;
  problems.push(`${option} must be a text`);
  return undefined;
}
