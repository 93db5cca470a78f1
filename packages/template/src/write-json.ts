import { plainYamlValues } from "./plain-yaml-values.ts";
import { YamlDate, YamlFloat, YamlTime } from "./yaml-values.ts";

/** Writes a value as JSON as Python's `json.dumps` spaces it. @throws Error with one sentence for what JSON lacks. */
export function writeJson(value: unknown): string {
  if (value instanceof YamlFloat) return floatText(value.value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (value === null || typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(", ")}]`;
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, member]) => `${keyText(key)}: ${writeJson(member)}`).join(", ")}}`;
  }
  if (value instanceof YamlDate)
    return JSON.stringify(plainYamlValues.date(value.year, value.month, value.day));
  if (value instanceof YamlTime) return JSON.stringify(plainYamlValues.dateTime(value.parts));
  throw new Error("this value has no form in JSON");
}

function keyText(key: unknown): string {
  return JSON.stringify(typeof key === "string" ? key : writeJson(key));
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} has no form in JSON`);
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
