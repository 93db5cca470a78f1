import { plainYamlValues } from "./plain-yaml-values.ts";
import { YamlDate, type YamlTime } from "./yaml-values.ts";

/** A float that YAML 1.1 reads as one: with a point, and an exponent of two digits with a sign, as Python writes it. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Object.is(value, -0)) return "-0.0";
  const absolute = Math.abs(value);
  const text = absolute >= 1e16 || (absolute > 0 && absolute < 1e-4) ? value.toExponential() : String(value);
  const padded = text.replace(/e([-+])(\d)$/, "e$10$2");
  return padded.includes(".") ? padded : padded.replace(/e|$/, (exponent) => `.0${exponent}`);
}

/** A date or a point in time as Python writes it. */
export function dateText(value: YamlDate | YamlTime): string {
  if (value instanceof YamlDate) return String(plainYamlValues.date(value.year, value.month, value.day));
  return String(plainYamlValues.dateTime(value.parts)).replace("T", " ");
}
