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
import { mappingEntries } from "./mapping-entries.ts";
import { dateText, floatText } from "./yaml-texts.ts";
import { YamlDate, YamlFloat, YamlPair, YamlTime } from "./yaml-values.ts";

/** Writes a value on one line, nested values in flow style. */
export function writeYamlInline(value: unknown): string {
  return dump(asMaps(value), {
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
    represent: (data) =>
      data instanceof YamlDate || data instanceof YamlTime ? dateText(data) : String(data),
  });
}

function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps);
  if (value instanceof YamlPair) return [asMaps(value.key), asMaps(value.value)];
  const entries = mappingEntries(value);
  return entries ? new Map(entries.map(([key, member]) => [key, asMaps(member)])) : value;
}
