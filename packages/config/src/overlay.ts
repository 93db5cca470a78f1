import { coerceAll } from "./coerce-all.ts";
import { createConfig, type Config, type ConfiguredText } from "./config.ts";
import { parseDefines } from "./defines.ts";
import { problemsToError } from "./errors.ts";
import type { OptionSpec } from "./option-spec.ts";
import type { ConfigOrigin } from "./origin.ts";
import { printedList } from "./printed-form.ts";

const ORIGIN: ConfigOrigin = { kind: "overlay" };

/** The options of a deployment that its targets need, where they are set. */
export function optionsForTargets(config: Config): Record<string, string | number | boolean> {
  const options: Record<string, string | number | boolean> = {};
  for (const { name, toTargets } of config.catalogue.specs) {
    const value = toTargets === true ? config.get(name) : undefined;
    if (value !== undefined && value !== null) options[name] = value;
  }
  return options;
}

/**
 * Lays the options of a deployment over a target's configuration; `-D` definitions stay on top. Names that a
 * deployment may not set are left alone, and so are values that are no scalars, but for a list that an option for texts
 * takes as Python prints it. Nothing is loaded again for an `environment` in it.
 *
 * @throws {ConfigError} `CONFIG_INVALID` for a value of the wrong type
 */
export function overlayConfig(config: Config, overlay: Readonly<Record<string, unknown>>): Config {
  const values = new Map(config.values);
  const origins = new Map([...values.keys()].map((name) => [name, config.origin(name)]));
  const texts = new Map([...overlayTexts(config, overlay), ...parseDefines(config.defines)]);
  const coerced = coerceAll(config.catalogue, texts);
  if (coerced.problems.length > 0) throw problemsToError(coerced.problems);
  for (const [name, { origin }] of texts) {
    values.set(name, coerced.values.get(name) ?? null);
    origins.set(name, origin);
  }
  const environment = values.get("environment");
  return createConfig({
    ...config,
    values,
    origins,
    environment: typeof environment === "string" && environment !== "" ? environment : undefined,
  });
}

function overlayTexts(
  config: Config,
  overlay: Readonly<Record<string, unknown>>,
): Map<string, ConfiguredText> {
  const texts = new Map<string, ConfiguredText>();
  for (const spec of config.catalogue.specs) {
    const value =
      spec.toTargets === true && Object.hasOwn(overlay, spec.name) ? overlay[spec.name] : undefined;
    if (isScalar(value)) texts.set(spec.name, { value: textOf(spec, value), origin: ORIGIN });
    else if (isText(spec) && Array.isArray(value))
      texts.set(spec.name, { value: printedList(value), origin: ORIGIN });
  }
  return texts;
}

/** A number for a text option becomes its digits, one for an integer loses its fraction, a truth is 1 or 0: as in Python. */
function textOf(spec: OptionSpec, value: string | number | boolean): string {
  if (typeof value === "number") return String(spec.type === "int" ? Math.trunc(value) : value);
  if (typeof value === "string") return value;
  if (spec.type === "int" || spec.type === "float") return value ? "1" : "0";
  return value ? "True" : "False";
}

/** Options without a default have no type in Python Scap, which leaves a list for them as it is. */
function isText({ keepsText, type }: OptionSpec): boolean {
  return keepsText !== true && (type === "str" || type === "path");
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
