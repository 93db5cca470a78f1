import type { Compare, CompareOperator, Expression } from "../syntax/nodes.ts";
import { equal } from "../values/equality.ts";
import { escapeValue, isHtml, Markup } from "../values/markup.ts";
import { contains } from "../values/membership.ts";
import { inOrder } from "../values/ordering.ts";
import { textOf } from "../values/repr.ts";
import { isTrue } from "../values/truth.ts";
import { type Value } from "../values/value.ts";
import { type Evaluate, type Frame } from "./frame.ts";
import type { Scope } from "./scope.ts";
import { isConstant } from "./constant-power.ts";
import { compileAll, compileExpression } from "./expressions.ts";

/** Compiles `and` and `or`, which give one of their operands. */
export function compileLogical(
  kind: "And" | "Or",
  leftNode: Expression,
  rightNode: Expression,
  scope: Scope,
): Evaluate {
  const left = compileExpression(leftNode, scope);
  const right = compileExpression(rightNode, scope);
  const stopsOn = kind === "Or";
  return (frame) => {
    const value = left(frame);
    return isTrue(value) === stopsOn ? value : right(frame);
  };
}

/** Compiles a chain of comparisons. */
export function compileCompare(node: Compare, scope: Scope): Evaluate {
  const { offset } = node;
  const first = compileExpression(node.first, scope);
  const operations = node.operations.map(({ operator, operand }) => ({
    operator,
    operand: compileExpression(operand, scope),
  }));
  const [only] = operations;
  if (operations.length === 1 && only !== undefined) {
    const { operator, operand } = only;
    return (frame) => {
      const left = first(frame);
      const right = operand(frame);
      frame.runtime.offset = offset;
      return compare(left, operator, right, frame);
    };
  }
  return (frame) => {
    let left = first(frame);
    for (const { operator, operand } of operations) {
      const right = operand(frame);
      frame.runtime.offset = offset;
      if (!compare(left, operator, right, frame)) return false;
      left = right;
    }
    return true;
  };
}

function compare(left: Value, operator: CompareOperator, right: Value, frame: Frame): boolean {
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "in":
      return contains(right, left, frame.runtime);
    case "not in":
      return !contains(right, left, frame.runtime);
    default:
      return inOrder(left, operator, right);
  }
}

/** Compiles `~`. */
export function compileConcat(nodes: readonly Expression[], scope: Scope): Evaluate {
  const items = compileAll(nodes, scope);
  // Jinja2 joins without escaping what it computes ahead, and where only the rendering shows whether output is escaped.
  const escapes = scope.state.autoescape === true && !nodes.every(isConstant);
  return (frame) => {
    const values = items.map((item) => item(frame));
    const { runtime } = frame;
    if (escapes && values.some(isHtml))
      return new Markup(values.map((value) => escapeValue(value).html).join(""));
    const text = values.map(textOf).join("");
    runtime.budget.allocate(text.length);
    return text;
  };
}
