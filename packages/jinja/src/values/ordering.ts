import { typeError } from "../errors.ts";
import { equal } from "./equality.ts";
import { PyFloat } from "./float.ts";
import { PyDate, PyDateTime } from "./dates.ts";
import { setsInOrder } from "./set.ts";
import { asString, compareText } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeNameOf } from "./type-name.ts";
import { refuseUndefined } from "./undefined.ts";
import type { Value } from "./value.ts";

/** An operator that orders two values. */
export type OrderOperator = "<" | "<=" | ">" | ">=";

/** Python's `left < right` and so on. @throws TemplateRuntimeError (`TypeError`) for types that have no order. */
export function inOrder(left: Value, operator: OrderOperator, right: Value): boolean {
  if (typeof left === "number" && typeof right === "number") return holds(left, operator, right);
  const a = orderNumber(left);
  const b = orderNumber(right);
  // JavaScript compares a bigint with a number exactly, as Python does.
  if (a !== undefined && b !== undefined) return holds(a, operator, b);
  const leftText = asString(left);
  const rightText = asString(right);
  if (leftText !== undefined && rightText !== undefined)
    return holds(compareText(leftText, rightText), operator, 0);
  return containersInOrder(left, operator, right);
}

function containersInOrder(left: Value, operator: OrderOperator, right: Value): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return membersInOrder(left, operator, right);
  if (left instanceof PyTuple && right instanceof PyTuple)
    return membersInOrder(left.items, operator, right.items);
  if (left instanceof PyDate && right instanceof PyDate) return holds(left.order, operator, right.order);
  if (left instanceof PyDateTime && right instanceof PyDateTime)
    return holds(left.compareTo(right), operator, 0);
  refuseUndefined(left, right);
  const asSets = setsInOrder(left, operator, right);
  if (asSets !== undefined) return asSets;
  throw typeError(
    `'${operator}' not supported between instances of '${typeNameOf(left)}' and '${typeNameOf(right)}'`,
  );
}

function membersInOrder(left: readonly Value[], operator: OrderOperator, right: readonly Value[]): boolean {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const a = left[index] ?? null;
    const b = right[index] ?? null;
    if (!equal(a, b)) return inOrder(a, operator, b);
  }
  return holds(left.length, operator, right.length);
}

function orderNumber(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return Number(value);
  return value instanceof PyFloat ? value.value : undefined;
}

function holds(left: number | bigint, operator: OrderOperator, right: number | bigint): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return operator satisfies never;
  }
}
