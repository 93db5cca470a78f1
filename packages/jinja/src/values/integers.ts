import { TemplateLimitError, TemplateRuntimeError } from "../errors.ts";
import type { Value } from "./value.ts";

/** A Python integer: a `number` when safe, else a `bigint`. */
export type Integer = number | bigint;

/** Brings a big integer into its one form. */
export function toInteger(value: bigint): Integer {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** The integer in `value`; booleans count as 0 and 1, as in Python. `undefined` for other types. */
export function asInteger(value: Value | undefined): Integer | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** `float(value)` of an integer. @throws TemplateRuntimeError (`OverflowError`) when it is too large. */
export function integerToFloat(value: Integer): number {
  const result = Number(value);
  if (Number.isFinite(result)) return result;
  throw new TemplateRuntimeError("OverflowError", "int too large to convert to float");
}

/** `int(value)` of a float: cut toward zero. @throws TemplateRuntimeError for `inf` and `nan`. */
export function floatToInteger(value: number): Integer {
  if (Number.isNaN(value))
    throw new TemplateRuntimeError("ValueError", "cannot convert float NaN to integer");
  if (!Number.isFinite(value)) {
    throw new TemplateRuntimeError("OverflowError", "cannot convert float infinity to integer");
  }
  const cut = Math.trunc(value);
  return Number.isSafeInteger(cut) ? cut + 0 : BigInt(cut);
}

/** How many bits the number takes, roughly. */
export function bitLength(value: Integer): number {
  return typeof value === "number" ? 53 : value.toString(16).length * 4;
}

// Python cannot print integers above 14,300 bits either; larger ones only cost time.
const MAX_BITS = 2 ** 18;

/** @throws TemplateLimitError for integers that nothing useful needs. */
export function refuseHuge(bits: number): void {
  if (bits > MAX_BITS)
    throw new TemplateLimitError("outputSize", `an integer of more than ${MAX_BITS} bits is too big`);
}
