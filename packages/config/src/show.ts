import type { Config } from "./config.ts";
import type { ConfigValue } from "./option-spec.ts";
import { shownText } from "./redact.ts";
import { describeOrigin, type ConfigOrigin } from "./origin.ts";

/** One line of `scap config show`. */
export interface ShownOption {
  readonly name: string;
  /** Secrets are redacted; numbers that JSON lacks are the texts `inf` and `-inf`. */
  readonly value: ConfigValue;
  readonly origin: ConfigOrigin;
  /** The origin in a few words, with the section of a file. */
  readonly from: string;
}

/** Every effective option in alphabetical order, fit for showing to anybody. */
export function shownOptions(config: Config): ShownOption[] {
  return [...config.values]
    .map(([name, value]) => {
      const origin = config.origin(name);
      return { name, value: shownValue(config, name, value), origin, from: originWithSection(origin) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The effective options as one object, option to value, with secrets redacted. */
export function effectiveOptions(config: Config): Record<string, ConfigValue> {
  return Object.fromEntries(shownOptions(config).map(({ name, value }) => [name, value]));
}

/** A value as it may be shown: without secrets and the passwords of URLs. */
export function shownValue(config: Config, name: string, value: ConfigValue): ConfigValue {
  if (typeof value === "string") return shownText(config.catalogue.find(name), value);
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return value;
}

/** Where a value comes from, with the section of a file: `scap/scap.cfg:7 [global]`. */
export function originWithSection(origin: ConfigOrigin): string {
  const place = describeOrigin(origin);
  return origin.kind === "file" ? `${place} [${origin.section}]` : place;
}
