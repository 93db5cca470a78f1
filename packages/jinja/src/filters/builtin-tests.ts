import { builtin, type FilterFunction } from "../runtime/functions.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { calculate } from "../values/arithmetic.ts";
import { isLower, isUpper } from "../values/casing.ts";
import { PyDict } from "../values/dict.ts";
import { equal } from "../values/equality.ts";
import { PyFloat } from "../values/float.ts";
import { asInteger } from "../values/integers.ts";
import { tryCursor, trySize } from "../values/iteration.ts";
import { isHtml } from "../values/markup.ts";
import { contains } from "../values/membership.ts";
import { requireHash } from "../values/hashing.ts";
import { inOrder, type OrderOperator } from "../values/ordering.ts";
import { textOf } from "../values/repr.ts";
import { asString } from "../values/text.ts";
import { PyUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";
import { JinjaError } from "../errors.ts";

/** A test without arguments. */
function plain(name: string, holds: (value: Value, runtime: Runtime) => boolean): [string, FilterFunction] {
  return [name, builtin(name, ["value"], (runtime, value) => holds(value, runtime))];
}

/** A test that orders two values. */
function ordering(operator: OrderOperator, ...names: readonly string[]): [string, FilterFunction][] {
  const test = builtin(operator, ["a", "b"], (_runtime, a, b) => inOrder(a, operator, b), {
    positionalOnly: 2,
  });
  return names.map((name) => [name, test]);
}

const isEqual = builtin("eq", ["a", "b"], (_runtime, a, b) => equal(a, b), { positionalOnly: 2 });
const differs = builtin("ne", ["a", "b"], (_runtime, a, b) => !equal(a, b), { positionalOnly: 2 });

function remainder(value: Value, divisor: Value, runtime: Runtime): Value {
  return calculate("%", value, divisor, runtime.budget);
}

// Identity of what Python keeps once; equal small integers and texts are the same object there too.
function isSame(value: Value, other: Value): boolean {
  return value === other;
}

function isSequence(value: Value): boolean {
  try {
    if (trySize(value) === undefined) return false;
  } catch (error) {
    if (error instanceof JinjaError) return false;
    throw error;
  }
  return Array.isArray(value) || asString(value) !== undefined || isSubscriptable(value);
}

function isSubscriptable(value: Value): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value.isSubscriptable;
}

function isNumber(value: Value): boolean {
  return asInteger(value) !== undefined || value instanceof PyFloat;
}

function isCallable(value: Value): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value.isCallable;
}

function isKnown(table: ReadonlyMap<string, FilterFunction>, name: Value): boolean {
  requireHash(name);
  const text = asString(name);
  return text !== undefined && table.has(text);
}

/** All tests of Jinja2 3.1. */
export const BUILTIN_TESTS: ReadonlyMap<string, FilterFunction> = new Map([
  plain("odd", (value, runtime) => equal(remainder(value, 2, runtime), 1)),
  plain("even", (value, runtime) => equal(remainder(value, 2, runtime), 0)),
  [
    "divisibleby",
    builtin("divisibleby", ["value", "num"], (runtime, value, by) => equal(remainder(value, by, runtime), 0)),
  ],
  plain("defined", (value) => !(value instanceof PyUndefined)),
  plain("undefined", (value) => value instanceof PyUndefined),
  plain("filter", (value, runtime) => isKnown(runtime.services.filters, value)),
  plain("test", (value, runtime) => isKnown(runtime.services.tests, value)),
  plain("none", (value) => value === null),
  plain("boolean", (value) => typeof value === "boolean"),
  plain("false", (value) => value === false),
  plain("true", (value) => value === true),
  plain("integer", (value) => typeof value === "number" || typeof value === "bigint"),
  plain("float", (value) => value instanceof PyFloat),
  plain("lower", (value) => isLower(textOf(value))),
  plain("upper", (value) => isUpper(textOf(value))),
  plain("string", (value) => asString(value) !== undefined),
  plain("mapping", (value) => value instanceof PyDict),
  plain("number", isNumber),
  plain("sequence", isSequence),
  plain("iterable", (value) => tryCursor(value) !== undefined),
  plain("callable", isCallable),
  ["sameas", builtin("sameas", ["value", "other"], (_runtime, value, other) => isSame(value, other))],
  plain("escaped", (value) => isHtml(value) || isChainable(value)),
  ["in", builtin("in", ["value", "seq"], (runtime, value, container) => contains(container, value, runtime))],
  ["==", isEqual],
  ["eq", isEqual],
  ["equalto", isEqual],
  ["!=", differs],
  ["ne", differs],
  ...ordering(">", ">", "gt", "greaterthan"),
  ...ordering(">=", ">=", "ge"),
  ...ordering("<", "<", "lt", "lessthan"),
  ...ordering("<=", "<=", "le"),
]);

// That kind of undefined value has an `__html__` of its own in Jinja2.
function isChainable(value: Value): boolean {
  return value instanceof PyUndefined && value.kind === "chainable";
}
