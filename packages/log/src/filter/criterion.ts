import { LEVELS } from "../levels.ts";
import { textForm } from "../message/python-text.ts";
import { PythonFloat } from "../python-float.ts";
import { DERIVED_ATTRIBUTES } from "./attribute.ts";
import { compareText } from "./compare-text.ts";
import { globLiterals, globTest } from "./glob.ts";
import { compilePythonRegex } from "./python-regex.ts";

/** The operators of the filter language. */
export const OPERATORS = ["=", "==", "!=", "~", "!~", ">", ">=", "<", "<="] as const;

/** One of `OPERATORS`. */
export type Operator = (typeof OPERATORS)[number];

/** One attribute and the test on it. */
export interface Criterion {
  /** The attribute of the record. */
  readonly attribute: string;
  /** The test on its value. It is not asked about an attribute that the record does not have. */
  readonly test: (value: unknown) => boolean;
  /** Texts that stand in every line whose record passes; for skipping lines before they are parsed. */
  readonly literals: readonly string[];
}

/** Builds the criterion for `attribute operator word`. Throws RegexError for a bad pattern. */
export function textCriterion(attribute: string, operator: Operator, word: string): Criterion {
  const text =
    attribute === "levelno" && Object.hasOwn(LEVELS, word)
      ? String(LEVELS[word as keyof typeof LEVELS])
      : word;
  return { attribute, test: testFor(operator, text), literals: literalsFor(attribute, operator, text) };
}

type ValueTest = (value: unknown) => boolean;

function testFor(operator: Operator, word: string): ValueTest {
  switch (operator) {
    case "=":
    case "==":
      return equalTest(word, true);
    case "!=":
      return equalTest(word, false);
    case "~":
      return patternTest(word, true);
    case "!~":
      return patternTest(word, false);
    default:
      return orderTest(operator, word);
  }
}

function equalTest(word: string, wanted: boolean): ValueTest {
  const integer = /^\d+$/.test(word) ? BigInt(word) : undefined;
  const matches = integer === undefined ? globTest(word) : (text: string): boolean => text === word;
  return (value) => {
    const number = numberOf(value);
    if (number !== undefined && integer !== undefined) return isEqual(number, integer) === wanted;
    const text = searchableText(value);
    return text !== undefined && matches(text) === wanted;
  };
}

function patternTest(word: string, wanted: boolean): ValueTest {
  const pattern = compilePythonRegex(word);
  return (value) => {
    const text = searchableText(value);
    return text !== undefined && pattern.test(text) === wanted;
  };
}

function orderTest(operator: ">" | ">=" | "<" | "<=", word: string): ValueTest {
  const isInteger = /^\d+$/.test(word);
  const isDecimal = /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(word);
  const bound = isInteger ? BigInt(word) : Number(word);
  return (value) => {
    const number = numberOf(value);
    if (number !== undefined) return isDecimal && holds(operator, number, bound);
    // An integer never orders against text; any other word is text for a text attribute.
    return typeof value === "string" && !isInteger && holds(operator, compareText(value, word), 0);
  };
}

function holds(operator: ">" | ">=" | "<" | "<=", left: number | bigint, right: number | bigint): boolean {
  switch (operator) {
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    default:
      return left <= right;
  }
}

// Python counts booleans as the numbers 0 and 1.
function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return Number(value);
  return value instanceof PythonFloat ? value.value : undefined;
}

function isEqual(left: number | bigint, right: bigint): boolean {
  return typeof left === "bigint" ? left === right : Number.isInteger(left) && BigInt(left) === right;
}

/** The text that a pattern is tried on: a text as it is, a number in its Python form; nothing for anything else. */
export function searchableText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return undefined;
  return numberOf(value) === undefined ? undefined : textForm(value);
}

function literalsFor(attribute: string, operator: Operator, word: string): string[] {
  if (DERIVED_ATTRIBUTES.has(attribute)) return [];
  // A number is tested in its Python text form, which need not be the text in the file.
  if (!/[^0-9.+\-einfa]/.test(word)) return [];
  if (operator === "=" || operator === "==")
    return globLiterals(word).filter((run) => /[^0-9.+\-einfa]/.test(run));
  if (operator === "~" && PLAIN_PATTERN.test(word))
    return plainRuns(word).filter((run) => /[^0-9.+\-einfa]/.test(run));
  return [];
}

// Anchors, escaped dots and dashes, and "any text" are all that this looks through.
const PLAIN_PATTERN = /^\^?(?:[\w @:=,;<>%&-]|\\[.-]|\.[*+]?)*\$?$/;

function plainRuns(pattern: string): string[] {
  const body = pattern.replace(/^\^|\$$/g, "");
  return body.split(/(?<!\\)\.[*+]?/).map((run) => run.replace(/\\(?=[.-])/g, ""));
}
