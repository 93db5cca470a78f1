import { PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyTuple, toValue, type Value } from "@scap/jinja";
import { YamlDate, YamlFloat, YamlPair, YamlTime } from "./yaml-values.ts";

/** A variable as Jinja sees it, at any depth. It is a copy: templates can change lists and mappings. */
export function toJinjaValue(value: unknown): Value {
  if (value instanceof YamlFloat) return new PyFloat(value.value);
  if (Array.isArray(value)) return value.map(toJinjaValue);
  if (value instanceof Map) {
    return new PyDict(Array.from(value, ([key, member]) => [toJinjaValue(key), toJinjaValue(member)]));
  }
  if (value instanceof YamlDate) return new PyDate(value.year, value.month, value.day);
  if (value instanceof YamlTime) return toDateTime(value);
  if (value instanceof YamlPair) return new PyTuple([toJinjaValue(value.key), toJinjaValue(value.value)]);
  return value instanceof Uint8Array ? new PyBytes(value) : toValue(value);
}

/** What a template prints as data again; undefined for what has no form as data, such as functions. */
export function fromJinjaValue(value: Value): unknown {
  if (value instanceof PyFloat) return new YamlFloat(value.value);
  if (Array.isArray(value)) return value.map(fromJinjaValue);
  if (value instanceof PyTuple) return value.items.map(fromJinjaValue);
  if (value instanceof PyDict) {
    return new Map(
      Array.from(value.entries(), ([key, member]) => [fromJinjaValue(key), fromJinjaValue(member)]),
    );
  }
  if (value instanceof PyDate) return new YamlDate(value.year, value.month, value.day);
  if (value instanceof PyDateTime)
    return new YamlTime({ ...value.parts, offsetMinutes: value.offsetMinutes });
  if (value instanceof PyBytes) return value.data;
  return typeof value === "object" && value !== null ? undefined : value;
}

function toDateTime({ parts: { offsetMinutes, ...parts } }: YamlTime): PyDateTime {
  return new PyDateTime(offsetMinutes === undefined ? parts : { ...parts, offsetMinutes });
}
