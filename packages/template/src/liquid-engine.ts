import { Liquid, LiquidError } from "liquidjs";
import type { CompiledTemplate, TemplateSource } from "./compiled-template.ts";
import { TemplateError, type TemplateErrorCode } from "./errors.ts";
import { isLooseYaml, type OutputFormat } from "./output-format.ts";
import type { TemplateVariables } from "./variables.ts";
import { writeYamlInline } from "./write-yaml-inline.ts";
import { toPlainValue, YamlFloat } from "./yaml-values.ts";

const LIMITS = { parseLimit: 10_000_000, renderLimit: 5000, memoryLimit: 20_000_000 };

/** Parses a Liquid template. It sees nothing but its variables: no files, no inherited properties. */
export function compileLiquid(source: TemplateSource): CompiledTemplate {
  const { name, strict = true, outputFormat = null } = source;
  const liquid = new Liquid({
    ...LIMITS,
    strictFilters: true,
    strictVariables: strict,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    outputEscape: (value) => printValue(value, outputFormat),
  });
  // A filter of this name would switch the printing of values off.
  liquid.registerFilter("raw", (value: unknown) => value);
  const template = located(name, "TEMPLATE_SYNTAX", () => liquid.parse(source.text));
  return {
    render: (variables: TemplateVariables) =>
      located(name, "TEMPLATE_RENDER", () => String(liquid.renderSync(template, toRecord(variables)))),
  };
}

function printValue(value: unknown, format: OutputFormat | null): string {
  if (format === "json") return JSON.stringify(value ?? null);
  if (format === "yaml-strict") return writeYamlInline(toPlainRecord(value));
  if (value === null) return isLooseYaml(format) ? "null" : "";
  if (Array.isArray(value)) return value.map((member) => printValue(member, null)).join("");
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "";
    default:
      throw new Error("a mapping cannot be printed; use the json filter");
  }
}

/** Liquid reads plain objects; one without prototype has own members only, and its order is kept for loops. */
function toRecord(map: ReadonlyMap<unknown, unknown>): object {
  const record: object = Object.create(null);
  for (const [key, value] of map) {
    Object.defineProperty(record, String(toPlainValue(key)), {
      value: toLiquidValue(value),
      enumerable: true,
    });
  }
  Object.defineProperty(record, Symbol.iterator, {
    value: function* pairs() {
      for (const [key, value] of map) yield [toPlainValue(key), toLiquidValue(value)];
    },
  });
  return record;
}

function toLiquidValue(value: unknown): unknown {
  if (value instanceof Map) return toRecord(value);
  if (Array.isArray(value)) return value.map(toLiquidValue);
  return value instanceof YamlFloat ? value.value : toPlainValue(value);
}

function toPlainRecord(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlainRecord);
  if (typeof value !== "object" || value === null) return value ?? null;
  return new Map(Object.entries(value).map(([key, member]) => [key, toPlainRecord(member)]));
}

function located<Result>(name: string, code: TemplateErrorCode, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    if (!LiquidError.is(cause)) throw cause;
    const [, text = cause.message, line] = /^(.*?)(?:, line:(\d+), col:\d+)?$/s.exec(cause.message) ?? [];
    throw new TemplateError(text, {
      code,
      file: name,
      line: line === undefined ? undefined : Number(line),
      cause,
    });
  }
}
