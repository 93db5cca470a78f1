import { coerceText } from "./coerce.ts";
import { defaultOf, type ConfigValue, type OptionSpec } from "./option-spec.ts";
import type { OptionCatalogue } from "./options.ts";
import { DEFAULT_ORIGIN, type ConfigOrigin } from "./origin.ts";
import type { ConfigProblem } from "./problem.ts";
import { strip } from "./python-text.ts";

/** A value that something sets, still as text, with its place. */
export interface ConfiguredText {
  readonly value: string;
  readonly origin: ConfigOrigin;
}

/** The effective configuration: one flat map from option to value. */
export interface Config {
  /** The active environment; undefined when there is none. */
  readonly environment: string | undefined;
  /** Name that host sections were compared with; undefined when no file has any. */
  readonly fqdn: string | undefined;
  /** Every option with a built-in default, and every other one that is set. Secrets are in clear. */
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** What deserves a warning, for example a mistyped name; nothing here changes a value. */
  readonly warnings: readonly ConfigProblem[];
  /** The `-D` definitions in effect, as given. */
  readonly defines: readonly string[];
  /** The files that were read, weakest first. */
  readonly files: readonly string[];
  /** Declarations by which texts became values. */
  readonly catalogue: OptionCatalogue;
  /** The value as stored: options without a built-in default stay text. Undefined when not configured. */
  get(name: string): ConfigValue | undefined;
  /** The value as text; undefined when not set. */
  str(name: string): string | undefined;
  /** The value as an integer, converted from text where needed; undefined when not set. */
  int(name: string): number | undefined;
  /** The value as a number; undefined when not set. */
  float(name: string): number | undefined;
  /** The value as a truth; false when not set. */
  bool(name: string): boolean;
  /** The parts between commas, stripped; an empty text has one empty part. Undefined when not set. */
  list(name: string): string[] | undefined;
  /** Where the value comes from. */
  origin(name: string): ConfigOrigin;
}

/** The parts of a {@link Config} that are data. */
export interface ConfigParts {
  readonly environment: string | undefined;
  readonly fqdn: string | undefined;
  readonly values: ReadonlyMap<string, ConfigValue>;
  readonly origins: ReadonlyMap<string, ConfigOrigin>;
  readonly warnings: readonly ConfigProblem[];
  readonly defines: readonly string[];
  readonly files: readonly string[];
  readonly catalogue: OptionCatalogue;
}

/** Puts the accessors onto the data. */
export function createConfig({ origins, ...parts }: ConfigParts): Config {
  const get = (name: string): ConfigValue | undefined => parts.values.get(name);
  const str = (name: string): string | undefined => textOf(get(name));
  return {
    ...parts,
    get,
    str,
    int: (name) => numberOf(get(name), parts.catalogue.find(name)?.type === "umask" ? "umask" : "int"),
    float: (name) => numberOf(get(name), "float"),
    bool: (name) => isTrue(get(name)),
    list: (name) => str(name)?.split(",").map(strip),
    origin: (name) => origins.get(name) ?? DEFAULT_ORIGIN,
  };
}

/** Defaults of all options that have a place in every configuration. */
export function builtInDefaults(specs: readonly OptionSpec[]): Map<string, ConfigValue> {
  const kept = specs.filter((spec) => spec.keepsText !== true);
  return new Map(kept.map((spec) => [spec.name, defaultOf(spec)]));
}

function textOf(value: ConfigValue | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function numberOf(value: ConfigValue | undefined, type: "int" | "float" | "umask"): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const coerced = coerceText(type, value);
  return coerced.ok && typeof coerced.value === "number" ? coerced.value : undefined;
}

function isTrue(value: ConfigValue | undefined): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return false;
  const coerced = coerceText("bool", value);
  return coerced.ok && coerced.value === true;
}
