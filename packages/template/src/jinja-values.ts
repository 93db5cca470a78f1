import { PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyTuple, toValue, type Value } from "@scap/jinja";
import { YamlDate, YamlFloat, YamlPair, YamlTime } from "./yaml-values.ts";

/**
 * Variables as Jinja sees them, made when a template first uses them: most use few of many. They are copies, because
 * templates can change lists and mappings; a mapping that two variables share (by an alias of YAML) they still share.
 */
export function toJinjaVariables(variables: ReadonlyMap<string, unknown>): PyDict {
  const made = new Map<object, Value>();
  return PyDict.fromLazy({
    keys: () => variables.keys(),
    get: (name) => (variables.has(name) ? toJinjaValue(variables.get(name), made) : undefined),
  });
}

function toJinjaValue(value: unknown, made: Map<object, Value>): Value {
  if (typeof value !== "object" || value === null) return toValue(value);
  const known = made.get(value);
  if (known !== undefined) return known;
  const result = convertObject(value, made);
  made.set(value, result);
  return result;
}

function convertObject(value: object, made: Map<object, Value>): Value {
  if (value instanceof YamlFloat) return new PyFloat(value.value);
  if (Array.isArray(value)) return value.map((member) => toJinjaValue(member, made));
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, member]): [Value, Value] => [
      toJinjaValue(key, made),
      toJinjaValue(member, made),
    ]);
    return new PyDict(entries);
  }
  if (value instanceof YamlDate) return new PyDate(value.year, value.month, value.day);
  if (value instanceof YamlTime) return toDateTime(value);
  if (value instanceof YamlPair)
    return new PyTuple([toJinjaValue(value.key, made), toJinjaValue(value.value, made)]);
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
