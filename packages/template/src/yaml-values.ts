import { plainYamlValues } from "./plain-yaml-values.ts";
import type { YamlDateTime, YamlValues } from "./yaml-scalars.ts";

/** A float of YAML. Keeps `1.0` apart from the integer `1`, which templates print differently. */
export class YamlFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A date of YAML. */
export class YamlDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** @param month - from 1 */
  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
  }
}

/** A point in time of YAML. */
export class YamlTime {
  readonly parts: YamlDateTime;

  constructor(parts: YamlDateTime) {
    this.parts = parts;
  }
}

/** A pair of `!!omap` or `!!pairs`, a tuple in Python. */
export class YamlPair {
  readonly key: unknown;
  readonly value: unknown;

  constructor(key: unknown, value: unknown) {
    this.key = key;
    this.value = value;
  }
}

/** A mapping that is to be written as Python writes an ordered one, with a tag that only Python Scap and we read. */
export class PythonOrderedDict {
  /** Key and value of each member, in order. */
  readonly entries: readonly (readonly [unknown, unknown])[];

  constructor(entries: readonly (readonly [unknown, unknown])[]) {
    this.entries = entries;
  }
}

/** Keeps every type of YAML apart; for variables of templates. */
export const typedYamlValues: YamlValues = {
  float: (value) => new YamlFloat(value),
  date: (year, month, day) => new YamlDate(year, month, day),
  dateTime: (parts) => new YamlTime(parts),
  bytes: (data) => data,
  pair: (key, value) => new YamlPair(key, value),
};

/** A value of {@link typedYamlValues} without its special types, at any depth. `Map`s stay. */
export function toPlainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlainValue);
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, each]) => [toPlainValue(key), toPlainValue(each)]));
  return toPlainScalar(value);
}

function toPlainScalar(value: unknown): unknown {
  if (value instanceof YamlFloat) return value.value;
  if (value instanceof YamlDate) return plainYamlValues.date(value.year, value.month, value.day);
  if (value instanceof YamlTime) return plainYamlValues.dateTime(value.parts);
  if (value instanceof YamlPair) return [toPlainValue(value.key), toPlainValue(value.value)];
  return value;
}
