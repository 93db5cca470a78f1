import { TemplateRuntimeError, typeError } from "../errors.ts";
import { PyDict } from "../values/dict.ts";
import { PyObject } from "../values/object.ts";
import { reprOf } from "../values/repr.ts";
import { PyTuple } from "../values/tuple.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyFloat } from "../values/float.ts";
import { sequenceIndex } from "../values/sequence-index.ts";
import { codePoints } from "../values/text.ts";
import type { Value } from "../values/value.ts";
import type { Runtime } from "./runtime.ts";

/** Whether Python would reach into its own machinery with this name. */
export function isUnsafeName(name: string): boolean {
  return name.startsWith("__") && name.endsWith("__");
}

/** Python's `getattr(value, name)`, or `undefined`. */
export function findAttribute(value: Value, name: string, runtime: Runtime): Value | undefined {
  switch (typeof value) {
    case "string":
      return runtime.methodOf("str", value, name);
    case "number":
    case "bigint":
    case "boolean":
      return integerAttribute(value, name) ?? runtime.methodOf("int", value, name);
    default:
  }
  if (value === null) return undefined;
  if (Array.isArray(value)) return runtime.methodOf("list", value, name);
  if (value instanceof PyFloat) return floatAttribute(value, name) ?? runtime.methodOf("float", value, name);
  return value.attribute(name, runtime);
}

function integerAttribute(value: number | bigint | boolean, name: string): Value | undefined {
  if (name === "real" || name === "numerator") return typeof value === "boolean" ? Number(value) : value;
  if (name === "imag") return 0;
  return name === "denominator" ? 1 : undefined;
}

function floatAttribute(value: PyFloat, name: string): Value | undefined {
  if (name === "real") return value;
  return name === "imag" ? new PyFloat(0) : undefined;
}

/** Python's `value[key]`, or `undefined` when there is none. */
export function findItem(value: Value, key: Value): Value | undefined {
  if (Array.isArray(value)) {
    const index = sequenceIndex(key, value.length);
    return index === undefined ? undefined : value[index];
  }
  if (typeof value === "string") {
    const characters = codePoints(value);
    const index = sequenceIndex(key, characters.length);
    return index === undefined ? undefined : characters[index];
  }
  return typeof value === "object" && value !== null ? value.item(key) : undefined;
}

/** Python's error for an item that is not there. */
export function missingItem(value: Value, key: Value): TemplateRuntimeError {
  if (value instanceof PyDict) return new TemplateRuntimeError("KeyError", reprOf(key));
  const isSequence = typeof value === "string" || Array.isArray(value);
  if (!isSequence && !(value instanceof PyObject && value.isSubscriptable)) {
    return typeError(`'${typeNameOf(value)}' object is not subscriptable`);
  }
  if (
    (isSequence || value instanceof PyTuple) &&
    typeof key !== "number" &&
    typeof key !== "boolean" &&
    typeof key !== "bigint"
  ) {
    return typeError(`${typeNameOf(value)} indices must be integers, not ${typeNameOf(key)}`);
  }
  return new TemplateRuntimeError("IndexError", `${typeNameOf(value)} index out of range`);
}
