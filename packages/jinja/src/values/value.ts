import type { PyObject } from "./object.ts";

/**
 * A value as templates see it.
 *
 * - `null`, booleans and strings are themselves;
 * - a Python integer is a `number` within ±2^53 and a `bigint` beyond, never both;
 * - a Python float is a {@link PyFloat}, so that `1.0` and `1` stay apart;
 * - a Python list is an array;
 * - everything else is a {@link PyObject}.
 */
export type Value = null | boolean | number | bigint | string | Value[] | PyObject;

/** Keyword arguments of a call. */
export type Kwargs = ReadonlyMap<string, Value>;

/** No keyword arguments. */
export const NO_KWARGS: Kwargs = new Map();

/** The value, or that of `fallback` when there is none. Unlike `??`, it keeps `null`, which is Python's `None`. */
export function valueOr(value: Value | undefined, fallback: () => Value): Value {
  return value === undefined ? fallback() : value;
}

/** Walks over a sequence. `undefined` marks the end. */
export interface Cursor {
  /** The next member, or `undefined` after the last. */
  next(): Value | undefined;
}
