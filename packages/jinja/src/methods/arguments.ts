import { TemplateRuntimeError, typeError } from "../errors.ts";
import { asInteger } from "../values/integers.ts";
import { asString } from "../values/text.ts";
import { typeNameOf } from "../values/type-name.ts";
import { refuseUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";

/** The text of an argument that must be a `str`. */
export function requireString(value: Value): string {
  const text = asString(value);
  if (text === undefined) throw typeError(`must be str, not ${typeNameOf(value)}`);
  return text;
}

/** The text of an argument that may be `None` or left out. */
export function optionalString(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : requireString(value);
}

/** The number in an argument that must be an integer. */
export function requireInteger(value: Value): number {
  const integer = asInteger(value);
  if (integer === undefined) {
    throw typeError(`'${typeNameOf(value)}' object cannot be interpreted as an integer`);
  }
  if (typeof integer === "bigint") {
    throw new TemplateRuntimeError("OverflowError", "Python int too large to convert to C ssize_t");
  }
  return integer;
}

/** The number in an argument that is a position in a text or list, where any integer will do. */
export function requirePosition(value: Value): number {
  const integer = asInteger(value);
  if (integer === undefined)
    throw typeError("slice indices must be integers or None or have an __index__ method");
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(integer)));
}

/** The number that an operator is applied to, which is where an undefined value says so. */
export function integerOperand(value: Value): number {
  refuseUndefined(value, null);
  return requireInteger(value);
}

/** The number in an argument that may be left out. */
export function integerOr(value: Value | undefined, fallback: number): number {
  return value === undefined ? fallback : requireInteger(value);
}

/** The position in an argument that may be left out. */
export function positionOr(value: Value | undefined, fallback: number): number {
  return value === undefined ? fallback : requirePosition(value);
}

/** A method that Python has and templates here do not. */
export function unsupported(type: string, name: string): () => never {
  return () => {
    throw new TemplateRuntimeError("NotImplementedError", `${type}.${name}() is not supported in templates`);
  };
}
