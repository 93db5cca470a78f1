import { typeError } from "../errors.ts";
import type { Kwargs } from "./value.ts";
import { PyBytes } from "./bytes.ts";
import { PyFunction } from "./callable.ts";
import { PyDateTime } from "./dates.ts";
import { PyDict } from "./dict.ts";
import { PyFloat } from "./float.ts";
import { toInteger } from "./integers.ts";
import { PyObject } from "./object.ts";
import type { Value } from "./value.ts";

/** A function that templates may call. Its result is converted like any other data. */
export type TemplateFunction = (args: readonly Value[], kwargs: Kwargs) => unknown;

/**
 * Turns plain JavaScript data into template values. Nothing of it is shared: a template cannot change
 * the caller's data, and only own members are seen, never a prototype.
 *
 * - a `number` that is a safe integer becomes a Python integer, any other a float; use {@link PyFloat} for `1.0`;
 * - a `bigint` becomes an integer;
 * - an array becomes a list, a `Map` or a plain object a mapping, a `Uint8Array` bytes, a `Date` a date-time in UTC;
 * - a function becomes one that the template can call, see {@link TemplateFunction};
 * - template values stay as they are.
 *
 * @throws TemplateRuntimeError (`TypeError`) for other objects, symbols and `undefined` inside of containers.
 */
export function toValue(data: unknown): Value {
  return new DataConverter().convert(data);
}

/** Converts several pieces of data that may share parts; see {@link toValue}. */
export class DataConverter {
  // Keeps shared and circular parts what they are.
  readonly #done = new Map<object, Value>();

  /** Converts one piece. */
  convert(data: unknown): Value {
    switch (typeof data) {
      case "string":
      case "boolean":
        return data;
      case "number":
        return Number.isSafeInteger(data) && !Object.is(data, -0) ? data : new PyFloat(data);
      case "bigint":
        return toInteger(data);
      case "function":
        return wrapFunction(data);
      case "object":
        return data === null ? null : this.#convertObject(data);
      default:
        throw typeError(`templates cannot use a value of type ${typeof data}`);
    }
  }

  #convertObject(data: object): Value {
    if (data instanceof PyObject) return data;
    const known = this.#done.get(data);
    if (known !== undefined) return known;
    if (Array.isArray(data)) return this.#convertArray(data);
    if (data instanceof Map) return this.#convertEntries(data, data);
    if (data instanceof Uint8Array) return new PyBytes(Uint8Array.from(data));
    if (data instanceof Date) return convertDate(data);
    if (isPlain(data)) return this.#convertPlain(data);
    throw typeError(
      `templates cannot use an object of the class ${data.constructor.name}; hand in plain data`,
    );
  }

  #convertArray(data: readonly unknown[]): Value {
    const list: Value[] = [];
    this.#done.set(data, list);
    for (const item of data) list.push(this.convert(item));
    return list;
  }

  #convertPlain(data: Readonly<Record<string, unknown>>): Value {
    // A template often uses few members of a large object, and this is done again for each rendering.
    const dict = PyDict.fromLazy({
      keys: () => Object.keys(data),
      get: (name) => this.#convertMember(data, name),
    });
    this.#done.set(data, dict);
    return dict;
  }

  #convertMember(data: Readonly<Record<string, unknown>>, name: string): Value | undefined {
    if (!Object.hasOwn(data, name)) return undefined;
    const value = data[name];
    return value === undefined ? undefined : this.convert(value);
  }

  #convertEntries(source: object, entries: Iterable<readonly [unknown, unknown]>): Value {
    const dict = new PyDict();
    this.#done.set(source, dict);
    for (const [key, value] of entries)
      if (value !== undefined) dict.set(this.convert(key), this.convert(value));
    return dict;
  }
}

function isPlain(data: object): data is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(data);
  // Data from another realm, such as a vm or a frame, has another Object.prototype, which has none itself.
  return prototype === null || (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null);
}

function wrapFunction(implementation: unknown): Value {
  if (typeof implementation !== "function") return null;
  // The caller handed it in as a TemplateFunction; there is no way to check that.
  const call = implementation as TemplateFunction;
  return new PyFunction(implementation.name, (args, kwargs) => toValue(call(args, kwargs) ?? null));
}

function convertDate(date: Date): Value {
  return new PyDateTime({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000,
    offsetMinutes: 0,
  });
}
