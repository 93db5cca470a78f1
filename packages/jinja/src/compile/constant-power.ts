import type { Budget } from "../limits.ts";
import type { Expression } from "../syntax/nodes.ts";
import { calculate, negate } from "../values/arithmetic.ts";
import { PyFloat } from "../values/float.ts";
import type { Value } from "../values/value.ts";
import { forEachChild, type Child } from "./node-children.ts";

const FOLDED: ReadonlySet<string> = new Set<Expression["kind"]>([
  "Const",
  "Tuple",
  "List",
  "Dict",
  "Conditional",
  "And",
  "Or",
  "Not",
  "Compare",
  "Binary",
  "Unary",
  "Concat",
  "GetItem",
  "Filter",
  "Test",
]);
/** Filters that are given the context, which there is only when the template runs. */
const USE_CONTEXT: ReadonlySet<string> = new Set([
  "map",
  "select",
  "reject",
  "selectattr",
  "rejectattr",
  "random",
]);

/** Whether Jinja2 computes an expression before it writes Python code. */
export function isConstant(node: Child): boolean {
  if (!FOLDED.has(node.kind)) return false;
  if (node.kind === "Filter" && USE_CONTEXT.has(node.name)) return false;
  let isFolded = true;
  forEachChild(node, (child) => {
    isFolded &&= isConstant(child);
  });
  return isFolded;
}

/**
 * `base ** exponent` where only the base is a constant. Jinja2 writes such a base into its Python code without
 * parentheses, so that `(-2) ** n` becomes Python's `-2 ** n`, which is `-(2 ** n)`.
 */
export function powerOfConstant(base: Value, exponent: Value, budget: Budget): Value {
  return isNegative(base)
    ? negate(calculate("**", negate(base), exponent, budget))
    : calculate("**", base, exponent, budget);
}

function isNegative(value: Value): boolean {
  if (value instanceof PyFloat) return value.value < 0 || Object.is(value.value, -0);
  return (typeof value === "number" || typeof value === "bigint") && value < 0;
}
