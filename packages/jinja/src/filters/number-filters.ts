import { filterArgumentError, typeError, valueError } from "../errors.ts";
import { requireInteger } from "../methods/arguments.ts";
import { builtin, type FilterFunction } from "../runtime/functions.ts";
import { calculate } from "../values/arithmetic.ts";
import { divideToEven, fixedText } from "../values/exact-decimal.ts";
import { PyFloat } from "../values/float.ts";
import { requireHash } from "../values/hashing.ts";
import { asInteger, floatToInteger, integerToFloat, toInteger, type Integer } from "../values/integers.ts";
import { parseFloatText, parseIntegerText } from "../values/number-parsing.ts";
import { reprOf } from "../values/repr.ts";
import { asString } from "../values/text.ts";
import { isTrue } from "../values/truth.ts";
import { typeNameOf } from "../values/type-name.ts";
import { PyUndefined } from "../values/undefined.ts";
import type { Value } from "../values/value.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** Python's `float(value)`, or `undefined` when it fails with a `TypeError` or `ValueError`. */
function tryFloat(value: Value): number | undefined {
  if (value instanceof PyUndefined) value.fail();
  if (value instanceof PyFloat) return value.value;
  const integer = asInteger(value);
  if (integer !== undefined) return integerToFloat(integer);
  const text = asString(value);
  return text === undefined ? undefined : parseFloatText(text);
}

const int = builtin("int", ["value", "default?", "base?"], (_runtime, value, fallback = 0, base = 10) => {
  if (value instanceof PyUndefined) value.fail();
  const text = asString(value);
  const radix = asInteger(base);
  // A base that is no number is as good as a text that is none.
  const parsed =
    text === undefined
      ? asInteger(value)
      : typeof radix === "number"
        ? parseIntegerText(text, radix)
        : undefined;
  if (parsed !== undefined) return parsed;
  const number = tryFloat(value);
  if (number === undefined || Number.isNaN(number)) return fallback;
  return floatToInteger(number);
});

const float = builtin("float", ["value", "default?"], (_runtime, value, fallback = new PyFloat(0)) => {
  const number = tryFloat(value);
  return number === undefined ? fallback : new PyFloat(number);
});

const round = builtin(
  "round",
  ["value", "precision?", "method?"],
  (runtime, value, precision = 0, method = "common") => {
    requireHash(method);
    const name = asString(method);
    if (name !== "common" && name !== "ceil" && name !== "floor") {
      throw filterArgumentError("method must be common, ceil or floor");
    }
    return name === "common" ? roundCommon(value, precision) : roundDirected(value, precision, name, runtime);
  },
);

function roundCommon(value: Value, precision: Value): Value {
  const integer = asInteger(value);
  if (integer === undefined && !(value instanceof PyFloat)) {
    throw typeError(`type ${typeNameOf(value)} doesn't define __round__ method`);
  }
  const places = precision === null ? 0 : requireInteger(precision);
  if (value instanceof PyFloat)
    return precision === null ? roundToInteger(value.value) : new PyFloat(roundFloat(value.value, places));
  return roundInteger(integer ?? 0, places);
}

function roundToInteger(value: number): Integer {
  return floatToInteger(roundFloat(value, 0));
}

function roundFloat(value: number, places: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  if (places > 323) return value;
  if (places < -308) return value < 0 ? -0 : 0;
  const magnitude = Math.abs(value);
  const rounded =
    places >= 0
      ? Number(fixedText(magnitude, places))
      : Number(roundInteger(floorMagnitude(magnitude), places, magnitude % 1 > 0));
  return value < 0 ? -rounded : rounded;
}

function floorMagnitude(value: number): bigint {
  return BigInt(Math.floor(value));
}

/** Rounds to a power of ten, ties to even; `hasMore` says that the value is a bit larger. */
function roundInteger(value: Integer, places: number, hasMore = false): Integer {
  if (places >= 0) return value;
  if (places < -5000) return 0;
  const unit = 10n ** BigInt(-places);
  const big = BigInt(value);
  const magnitude = big < 0n ? -big : big;
  const scaled = hasMore ? magnitude * 2n + 1n : magnitude * 2n;
  const rounded = divideToEven(scaled, unit * 2n) * unit;
  return toInteger(big < 0n ? -rounded : rounded);
}

function roundDirected(value: Value, precision: Value, method: "ceil" | "floor", runtime: Runtime): Value {
  const factor = calculate("**", 10, precision, runtime.budget);
  const scaled = calculate("*", value, factor, runtime.budget);
  const integer = asInteger(scaled);
  if (integer !== undefined) return calculate("/", integer, factor, runtime.budget);
  if (!(scaled instanceof PyFloat)) throw typeError(`must be real number, not ${typeNameOf(scaled)}`);
  const directed = method === "ceil" ? Math.ceil(scaled.value) : Math.floor(scaled.value);
  return calculate("/", floatToInteger(directed), factor, runtime.budget);
}

const PREFIXES = ["k", "M", "G", "T", "P", "E", "Z", "Y"];

const filesizeformat = builtin("filesizeformat", ["value", "binary?"], (_runtime, value, binary = false) => {
  const bytes = tryFloat(value);
  if (bytes === undefined) {
    if (asString(value) !== undefined)
      throw valueError(`could not convert string to float: ${reprOf(value)}`);
    throw typeError(`float() argument must be a string or a real number, not '${typeNameOf(value)}'`);
  }
  const isBinary = isTrue(binary);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return "1 Byte";
  if (bytes < base) return `${String(floatToInteger(bytes))} Bytes`;
  let power = PREFIXES.findIndex((_prefix, index) => bytes < base ** (index + 2));
  if (power < 0) power = PREFIXES.length - 1;
  const prefix = PREFIXES[power] ?? "";
  const amount = (base * bytes) / base ** (power + 2);
  return `${fixedSigned(amount)} ${isBinary ? `${prefix.toUpperCase()}i` : prefix}B`;
});

function fixedSigned(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : "inf";
  return fixedText(value, 1);
}

/** Filters on numbers. */
export const numberFilters: readonly (readonly [string, FilterFunction])[] = [
  ["int", int],
  ["float", float],
  ["round", round],
  ["filesizeformat", filesizeformat],
];
