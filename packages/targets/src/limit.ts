import { TargetsError } from "./errors.ts";
import { closingBracket, compilePattern } from "./limit-pattern.ts";
import { compilePythonPattern, reasonOf } from "./python-pattern.ts";

/** One part of a limit: `web[1:3]`, `!db1`, `~web\d`, `!~web`. */
export interface LimitPart {
  /** As written. */
  readonly text: string;
  /** It takes hosts away instead of choosing them. */
  readonly isNegated: boolean;
  /** It chooses every host, whatever their names. */
  readonly isAll: boolean;
  /** Whether the name is what the part describes, before any negation. */
  describes(host: string): boolean;
}

/** Which hosts of the groups to work on. */
export interface Limit {
  readonly parts: readonly LimitPart[];
  readonly warnings: readonly string[];
  /** True for a host that one of the positive parts chooses (any host if there are none) and no negated one takes away. */
  selects(host: string): boolean;
}

/**
 * Reads the values of `--limit-hosts`, which add up. Commas part a value, except behind `~` and inside brackets.
 *
 * @throws {TargetsError} `LIMIT_INVALID`
 */
export function parseLimit(values: readonly string[]): Limit {
  const warnings: string[] = [];
  const parts = values.flatMap(splitValue).map((text) => readPart(text, warnings));
  const positive = parts.filter((part) => !part.isNegated);
  const negated = parts.filter((part) => part.isNegated);
  const selects = (host: string): boolean =>
    (positive.length === 0 || positive.some((part) => part.describes(host))) &&
    !negated.some((part) => part.describes(host));
  return { parts, warnings, selects };
}

/**
 * True when the host is selected by a value of `--limit-hosts`.
 *
 * @throws {TargetsError} `LIMIT_INVALID`
 */
export function matchesLimit(limit: string, host: string): boolean {
  return parseLimit([limit]).selects(host);
}

function splitValue(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (start <= value.length) {
    const end = endOfPart(value, start);
    parts.push(value.slice(start, end).trim());
    start = end + 1;
  }
  return parts;
}

function endOfPart(value: string, start: number): number {
  if (/^\s*!*~/.test(value.slice(start))) return value.length;
  for (let at = start; at < value.length; at += 1) {
    if (value[at] === ",") return at;
    if (value[at] === "[") at = Math.max(at, closingBracket(value, at));
  }
  return value.length;
}

function readPart(text: string, warnings: string[]): LimitPart {
  if (text === "")
    throw invalid("A limit has an empty part", "Write host names or patterns, with commas between.");
  const body = text.replace(/^!+/, "");
  const isNegated = body !== text;
  if (body.startsWith("~")) return expressionPart(text, isNegated, body.slice(1));
  // "!all" is an ordinary name in Python Scap, and takes nothing away; so is "!" alone.
  const isAll = !isNegated && (body === "all" || body === "*");
  const { expression, literals } = compilePattern(body);
  if (literals !== "") {
    warnings.push(
      `The limit ${JSON.stringify(text)} takes ${literals.split("").join(" ")} literally; write ~ before a regular expression`,
    );
  }
  return { text, isNegated, isAll, describes: (host) => isAll || expression.test(host) };
}

function expressionPart(text: string, isNegated: boolean, source: string): LimitPart {
  if (source === "") throw invalid(`The limit ${text} has no regular expression`, "Write one behind the ~.");
  try {
    const expression = compilePythonPattern(source);
    return { text, isNegated, isAll: false, describes: (host) => expression.test(host) };
  } catch (cause) {
    throw invalid(`The limit ${JSON.stringify(text)} is no regular expression`, reasonOf(cause), cause);
  }
}

function invalid(message: string, hint: string, cause?: unknown): TargetsError {
  return new TargetsError(message, { code: "LIMIT_INVALID", hint, cause });
}
