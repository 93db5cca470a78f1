import { TemplateRuntimeError, typeError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { divideFloats, divideIntegers, floorDivide, modulo, power } from "./division.ts";
import { PyFloat } from "./float.ts";
import { asInteger, bitLength, integerToFloat, refuseHuge, toInteger, type Integer } from "./integers.ts";
import { repeatSequence } from "./repetition.ts";
import { escapeValue, isHtml, Markup } from "./markup.ts";
import { formatPercent } from "./percent-format.ts";
import { setDifference } from "./set.ts";
import { asString } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeNameOf } from "./type-name.ts";
import { refuseUndefined } from "./undefined.ts";
import type { Value } from "./value.ts";

/** An arithmetic operator of two operands. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** Python's `left <operator> right`. */
export function calculate(operator: ArithmeticOperator, left: Value, right: Value, budget: Budget): Value {
  if (typeof left === "number" && typeof right === "number") {
    const quick = calculateSmall(operator, left, right);
    if (quick !== undefined) return quick;
  }
  if (operator === "%") {
    const formatted = formatText(left, right, budget);
    if (formatted !== undefined) return formatted;
  }
  const a = asInteger(left);
  const b = asInteger(right);
  if (a !== undefined && b !== undefined) return calculateIntegers(operator, a, b, budget);
  if ((a !== undefined || left instanceof PyFloat) && (b !== undefined || right instanceof PyFloat)) {
    return new PyFloat(calculateFloats(operator, toFloat(left), toFloat(right)));
  }
  return calculateSequences(operator, left, right, budget);
}

function calculateSmall(operator: ArithmeticOperator, left: number, right: number): Value | undefined {
  let result: number;
  if (operator === "+") result = left + right;
  else if (operator === "-") result = left - right;
  else if (operator === "*") result = left * right;
  else return undefined;
  return Number.isSafeInteger(result) ? result + 0 : undefined;
}

function calculateIntegers(
  operator: ArithmeticOperator,
  left: Integer,
  right: Integer,
  budget: Budget,
): Value {
  refuseHuge(bitLength(left) + bitLength(right));
  switch (operator) {
    case "+":
      return toInteger(BigInt(left) + BigInt(right));
    case "-":
      return toInteger(BigInt(left) - BigInt(right));
    case "*":
      return toInteger(BigInt(left) * BigInt(right));
    case "/":
      return new PyFloat(divideIntegers(left, right));
    case "//":
      return floorDivide(left, right);
    case "%":
      return modulo(left, right);
    case "**":
      return power(left, right, budget);
    default:
      return operator satisfies never;
  }
}

function calculateFloats(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    default:
      return divideFloats(operator, left, right);
  }
}

function toFloat(value: Value): number {
  return value instanceof PyFloat ? value.value : integerToFloat(asInteger(value) ?? 0);
}

function calculateSequences(operator: ArithmeticOperator, left: Value, right: Value, budget: Budget): Value {
  const result = operator === "+" ? joined(left, right, budget) : undefined;
  if (result !== undefined) return result;
  refuseUndefined(left, right);
  const difference = operator === "-" ? setDifference(left, right, budget) : undefined;
  if (difference !== undefined) return difference;
  const repeated = operator === "*" ? repeatSequence(left, right, budget) : undefined;
  if (repeated !== undefined) return repeated;
  throw operandError(operator, left, right);
}

function joined(left: Value, right: Value, budget: Budget): Value | undefined {
  const a = asString(left);
  const b = asString(right);
  if (a !== undefined && b !== undefined) {
    budget.allocate(a.length + b.length);
    return isHtml(left) || isHtml(right)
      ? new Markup(escapeValue(left).html + escapeValue(right).html)
      : a + b;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.allocateItems(left.length + right.length);
    return [...left, ...right];
  }
  if (left instanceof PyTuple && right instanceof PyTuple)
    return new PyTuple([...left.items, ...right.items]);
  return undefined;
}

function formatText(left: Value, right: Value, budget: Budget): Value | undefined {
  const text = asString(left);
  return text === undefined ? undefined : formatPercent(text, right, { budget, escape: isHtml(left) });
}

function operandError(operator: ArithmeticOperator, left: Value, right: Value): TemplateRuntimeError {
  const types = `'${typeNameOf(left)}' and '${typeNameOf(right)}'`;
  const shown = operator === "**" ? "** or pow()" : operator;
  return typeError(`unsupported operand type(s) for ${shown}: ${types}`);
}

/** Python's `-value`. */
export function negate(value: Value): Value {
  if (value instanceof PyFloat) return new PyFloat(-value.value);
  const integer = asInteger(value);
  if (typeof integer === "number") return 0 - integer;
  if (integer !== undefined) return toInteger(-integer);
  refuseUndefined(value, null);
  throw typeError(`bad operand type for unary -: '${typeNameOf(value)}'`);
}

/** Python's `+value`. */
export function affirm(value: Value): Value {
  if (value instanceof PyFloat) return value;
  const integer = asInteger(value);
  if (integer !== undefined) return integer;
  refuseUndefined(value, null);
  throw typeError(`bad operand type for unary +: '${typeNameOf(value)}'`);
}
