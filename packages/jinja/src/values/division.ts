import { TemplateRuntimeError, typeError } from "../errors.ts";
import type { Budget } from "../limits.ts";
import { PyFloat } from "./float.ts";
import { bitLength, integerToFloat, refuseHuge, toInteger, type Integer } from "./integers.ts";
import { precisePower } from "./float-power.ts";
import { ratioToFloat } from "./ratio.ts";
import type { Value } from "./value.ts";

// Below this, differences and quotients of two numbers are exact.
const EXACT = 2 ** 51;

/** Python's `left / right` of integers: the float next to the exact quotient. */
export function divideIntegers(left: Integer, right: Integer): number {
  if (right === 0) throw zeroDivision("division by zero");
  if (typeof left === "number" && typeof right === "number") return left / right;
  return divideBig(BigInt(left), BigInt(right));
}

function divideBig(left: bigint, right: bigint): number {
  const magnitude = ratioToFloat(left < 0n ? -left : left, right < 0n ? -right : right);
  if (magnitude === Number.POSITIVE_INFINITY) {
    throw new TemplateRuntimeError("OverflowError", "integer division result too large for a float");
  }
  return left < 0n !== right < 0n ? -magnitude : magnitude;
}

/** Python's `left // right` of integers. */
export function floorDivide(left: Integer, right: Integer): Integer {
  if (right === 0) throw zeroDivision("integer division or modulo by zero");
  if (isExact(left) && isExact(right)) return Math.floor((left - modulus(left, right)) / right) + 0;
  const [a, b] = [BigInt(left), BigInt(right)];
  return toInteger((a - bigModulus(a, b)) / b);
}

/** Python's `left % right` of integers: has the sign of `right`. */
export function modulo(left: Integer, right: Integer): Integer {
  if (right === 0) throw zeroDivision("integer modulo by zero");
  if (isExact(left) && isExact(right)) return modulus(left, right) + 0;
  return toInteger(bigModulus(BigInt(left), BigInt(right)));
}

function isExact(value: Integer): value is number {
  return typeof value === "number" && Math.abs(value) < EXACT;
}

function modulus(left: number, right: number): number {
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

function bigModulus(left: bigint, right: bigint): bigint {
  const rest = left % right;
  return rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest;
}

/** Python's `/`, `//`, `%` and `**` of floats. */
export function divideFloats(operator: "/" | "//" | "%" | "**", left: number, right: number): number {
  if (operator === "**") return floatPower(left, right);
  if (right === 0)
    throw zeroDivision(operator === "/" ? "float division by zero" : floatModuloMessage(operator));
  if (operator === "/") return left / right;
  return operator === "%" ? floatModulo(left, right) : floatFloorDivide(left, right);
}

function floatModuloMessage(operator: "//" | "%"): string {
  return operator === "%" ? "float modulo" : "float floor division by zero";
}

function floatModulo(left: number, right: number): number {
  const rest = left % right;
  if (rest === 0) return right < 0 ? -0 : 0;
  return rest < 0 !== right < 0 ? rest + right : rest;
}

function floatFloorDivide(left: number, right: number): number {
  const rest = left % right;
  let quotient = (left - rest) / right;
  if (rest !== 0 && rest < 0 !== right < 0) quotient -= 1;
  if (quotient === 0) return Object.is(left / right, -0) || left / right < 0 ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** Python's `base ** exponent` of integers. */
export function power(base: Integer, exponent: Integer, budget: Budget): Value {
  if (exponent < 0) return new PyFloat(floatPower(integerToFloat(base), integerToFloat(exponent)));
  const quick = Number(base) ** Number(exponent);
  if (Number.isSafeInteger(quick)) return quick + 0;
  const size =
    (bitLength(base) === 53 ? Math.log2(Math.abs(Number(base))) : bitLength(base)) * Number(exponent);
  refuseHuge(size);
  // Multiplying big integers costs more than its size.
  budget.spend(Math.ceil((size / 64) ** 1.5 / 64));
  return toInteger(BigInt(base) ** BigInt(exponent));
}

function floatPower(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw zeroDivision("0.0 cannot be raised to a negative power");
  if (base === 1 || exponent === 0) return 1;
  if (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent)) return 1;
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    throw typeError(
      "a fractional power of a negative number is a complex number, which templates do not have",
    );
  }
  const isOrdinary = Number.isFinite(base) && Number.isFinite(exponent) && base !== 0;
  const result = isOrdinary ? signedPower(base, exponent) : base ** exponent;
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new TemplateRuntimeError("OverflowError", "(34, 'Numerical result out of range')");
  }
  return result;
}

function signedPower(base: number, exponent: number): number {
  const magnitude = precisePower(Math.abs(base), exponent);
  return base < 0 && exponent % 2 !== 0 ? -magnitude : magnitude;
}

function zeroDivision(detail: string): TemplateRuntimeError {
  return new TemplateRuntimeError("ZeroDivisionError", detail);
}
