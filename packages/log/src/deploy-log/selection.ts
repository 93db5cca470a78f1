import { textCriterion } from "../filter/criterion.ts";
import { globTest } from "../filter/glob.ts";
import { type Filter, filterOf } from "../filter/filter.ts";
import { parseFilterExpression } from "../filter/parse-filter.ts";
import { LEVELS, parseLevel } from "../levels.ts";
import { textForm } from "../message/python-text.ts";
import { plainNumber } from "../python-float.ts";
import type { DeployLogOptions } from "./options.ts";
import { parseMoment } from "./parse-moment.ts";

/** Which records are shown. */
export interface Selection {
  /** The expression and all of the options, joined by "and". */
  readonly filter: Filter;
  /** Texts without which no line can match, in a form that needs no escape in JSON but `\u00XX`. */
  readonly needles: readonly string[];
  /** Whether a record of this level meets the criteria on `levelno`. */
  readonly acceptsLevel: (levelno: number) => boolean;
}

/**
 * Joins the expression, the level that applies without a criterion on `levelno`, and the other options.
 *
 * @param levelText - `SCAP_LOG_LEVEL`: the lowest level instead of INFO
 * @throws FilterError, LogError for options that cannot be read
 */
export function selectRecords(
  options: DeployLogOptions,
  levelText: string | undefined,
  nowMs: number,
): Selection {
  const asked = parseFilterExpression(options.expression);
  const level = options.verbose ? LEVELS.DEBUG : levelText ? parseLevel(levelText) : LEVELS.INFO;
  const implied = asked.hasCriterion("levelno") ? [] : [textCriterion("levelno", ">=", String(level))];
  const filter = filterOf([...asked.criteria, ...implied], { mode: "select" })
    .with(momentTests(options, nowMs))
    .with([...anyGlob("host", options.hosts), ...anyGlob("stage", options.stages)]);
  const onLevel = filter.criteria.filter(({ attribute }) => attribute === "levelno");
  return {
    filter,
    needles: needlesOf(filter),
    acceptsLevel: (levelno) => onLevel.every(({ test }) => test(levelno)),
  };
}

type FunctionTest = readonly [string, (value: unknown) => boolean];

function momentTests({ since, until, utc }: DeployLogOptions, nowMs: number): FunctionTest[] {
  const from = since === undefined ? Number.NEGATIVE_INFINITY : parseMoment(since, nowMs, utc);
  const to = until === undefined ? Number.POSITIVE_INFINITY : parseMoment(until, nowMs, utc);
  if (since === undefined && until === undefined) return [];
  return [["created", (value) => isBetween(plainNumber(value), from, to)]];
}

function isBetween(value: number | undefined, from: number, to: number): boolean {
  return value !== undefined && value >= from && value < to;
}

function anyGlob(attribute: string, globs: readonly string[]): FunctionTest[] {
  const tests = globs.map(globTest);
  if (tests.length === 0) return [];
  return [[attribute, (value): boolean => tests.some((test) => test(textForm(value)))]];
}

function needlesOf(filter: Filter): string[] {
  return filter.criteria
    .flatMap(({ literals }) => literals.map(longestPlainRun))
    .filter((run) => run.length > 1);
}

// Only printable ASCII without the characters that JSON escapes is surely in the line as it is.
function longestPlainRun(text: string): string {
  const runs = text.split(/[^ !#-.0-[\]-~]/);
  return runs.toSorted((a, b) => b.length - a.length)[0] ?? "";
}
