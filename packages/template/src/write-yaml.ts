import {
  defineScalarTag,
  DUMP_SCHEMA,
  dump,
  intYaml11Tag,
  NOT_RESOLVED,
  realMapTag,
  type ScalarTagDefinition,
  type Schema,
} from "js-yaml";
import { plainYamlValues } from "./plain-yaml-values.ts";
import { YamlDate, YamlFloat, YamlPair, YamlTime } from "./yaml-values.ts";

/**
 * Writes values as block-style YAML that YAML 1.1 and 1.2 readers take alike. Mappings are sorted by key at every
 * level as Python's `yaml.dump` does: texts by code point, numbers by value, keys of different types not at all.
 */
export function writeYaml(value: unknown): string {
  return dump(sorted(value), { schema: yamlSchema(), lineWidth: -1, noRefs: true });
}

/** Writes a value on one line, nested values in flow style. */
export function writeYamlInline(value: unknown): string {
  return dump(sorted(value, false), {
    schema: yamlSchema(),
    lineWidth: -1,
    noRefs: true,
    flowLevel: 0,
  }).replace(/\n$/, "");
}

function yamlSchema(): Schema {
  return DUMP_SCHEMA.withTags(realMapTag, integerTag(), floatTag(), dateTag());
}

function integerTag(): ScalarTagDefinition {
  return defineScalarTag("tag:yaml.org,2002:int", {
    ...intYaml11Tag,
    identify: (data) => Number.isInteger(data) || typeof data === "bigint",
    represent: (data: number | bigint) => BigInt(data).toString(),
  });
}

function floatTag(): ScalarTagDefinition {
  return defineScalarTag("tag:yaml.org,2002:float", {
    implicit: true,
    resolve: (source) =>
      /^[-+.\d]/.test(source) && !Number.isNaN(Number(source)) ? Number(source) : NOT_RESOLVED,
    identify: (data) => data instanceof YamlFloat || (typeof data === "number" && !Number.isInteger(data)),
    represent: (data) => floatText(data instanceof YamlFloat ? data.value : Number(data)),
  });
}

function dateTag(): ScalarTagDefinition {
  return defineScalarTag("tag:yaml.org,2002:timestamp", {
    implicit: true,
    resolve: (source) => (/^\d{4}-\d\d?-\d\d?(?:$|[Tt \t])/.test(source) ? source : NOT_RESOLVED),
    identify: (data) => data instanceof YamlDate || data instanceof YamlTime,
    represent: (data) => {
      if (data instanceof YamlTime) return String(plainYamlValues.dateTime(data.parts)).replace("T", " ");
      return data instanceof YamlDate
        ? String(plainYamlValues.date(data.year, data.month, data.day))
        : String(data);
    },
  });
}

/** A float that YAML 1.1 reads as one: with a point, and an exponent with a sign. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Object.is(value, -0)) return "-0.0";
  const absolute = Math.abs(value);
  const text = absolute >= 1e16 || (absolute > 0 && absolute < 1e-4) ? value.toExponential() : String(value);
  return text.includes(".") ? text : text.replace(/e|$/, (exponent) => `.0${exponent}`);
}

function sorted(value: unknown, sortsKeys = true): unknown {
  if (Array.isArray(value)) return value.map((member) => sorted(member, sortsKeys));
  if (value instanceof YamlPair) return [sorted(value.key, sortsKeys), sorted(value.value, sortsKeys)];
  const entries = entriesOf(value);
  if (!entries) return value;
  const ordered = sortsKeys ? sortEntries(entries) : entries;
  return new Map(ordered.map(([key, member]) => [key, sorted(member, sortsKeys)]));
}

function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return [...value];
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isRecord = prototype === Object.prototype || prototype === null;
  return isRecord ? Object.entries(value).filter(([, member]) => member !== undefined) : undefined;
}

function sortEntries(entries: [unknown, unknown][]): [unknown, unknown][] {
  if (entries.every(([key]) => typeof key === "string")) {
    return entries.toSorted(([a], [b]) => compareCodePoints(String(a), String(b)));
  }
  const numbers = entries.map(([key]) => numberOf(key));
  if (numbers.every((number) => number !== undefined)) {
    return entries.toSorted(([a], [b]) => Number((numberOf(a) ?? 0) > (numberOf(b) ?? 0)) || -1);
  }
  return entries;
}

function numberOf(key: unknown): number | bigint | undefined {
  if (typeof key === "number" || typeof key === "bigint") return key;
  if (typeof key === "boolean") return Number(key);
  return key instanceof YamlFloat ? key.value : undefined;
}

// JavaScript compares UTF-16 units, which puts characters above U+FFFF before U+E000.
function compareCodePoints(a: string, b: string): number {
  const right = b[Symbol.iterator]();
  for (const character of a) {
    const other = right.next();
    if (other.done) return 1;
    const difference = (character.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return right.next().done ? 0 : -1;
}
