import type { InspectedConfig } from "./load.ts";
import { nearestName } from "./nearest-name.ts";
import { defaultOf, type ConfigValue, type OptionType } from "./option-spec.ts";
import type { ConfigOrigin } from "./origin.ts";
import { applicableSections } from "./sections.ts";
import { originWithSection, shownValue } from "./show.ts";

/** One place that sets an option. */
export interface OptionSetting {
  readonly origin: ConfigOrigin;
  /** The origin in a few words, with the section of a file. */
  readonly from: string;
  /** The text, redacted for secrets. */
  readonly value: ConfigValue;
  /** `in effect`, `overridden`, or `for other hosts`. */
  readonly state: "in effect" | "overridden" | "for other hosts";
}

/** Everything there is to say about one option. */
export interface OptionExplanation {
  readonly name: string;
  /** False for an option that nobody has declared; it is kept as text all the same. */
  readonly isKnown: boolean;
  readonly type: OptionType;
  readonly unit: string | undefined;
  /** The words that its value, or each part of a list, is one of. */
  readonly choices: readonly string[] | undefined;
  readonly subject: string | undefined;
  readonly help: string | undefined;
  readonly deprecated: string | undefined;
  readonly default: ConfigValue;
  /** The effective value; null when not set. */
  readonly value: ConfigValue;
  /** Where the effective value comes from. */
  readonly from: string;
  /** All places that set it, files in the order in which they are read. */
  readonly settings: readonly OptionSetting[];
  /** The known option that an unknown name most likely stands for. */
  readonly suggestion: string | undefined;
}

/** Explains an option: what it is for, its value, and every place that sets it. */
export function explainOption(inspected: InspectedConfig, option: string): OptionExplanation {
  const { config } = inspected;
  const name = config.values.has(option) ? option : option.toLowerCase();
  const spec = config.catalogue.find(name);
  const isKnown = spec !== undefined;
  const names = config.catalogue.specs.map((known) => known.name);
  return {
    name,
    isKnown,
    type: spec?.type ?? "str",
    unit: spec?.unit,
    choices: spec?.choices ?? spec?.words,
    subject: spec?.subject,
    help: spec?.help,
    deprecated: spec?.deprecated,
    default: spec === undefined ? null : defaultOf(spec),
    value: shownValue(config, name, config.get(name) ?? null),
    from: originWithSection(config.origin(name)),
    settings: settingsOf(inspected, name),
    suggestion: isKnown ? undefined : nearestName(name, names),
  };
}

function settingsOf({ config, files }: InspectedConfig, name: string): OptionSetting[] {
  const effective = originWithSection(config.origin(name));
  const applicable = new Set(["DEFAULT", ...applicableSections(config.fqdn ?? "")]);
  const settingOf = (origin: ConfigOrigin, value: string, applies: boolean): OptionSetting => {
    const from = originWithSection(origin);
    const state = from === effective ? "in effect" : applies ? "overridden" : "for other hosts";
    return { origin, from, value: shownValue(config, name, value), state };
  };
  const inFiles = files.flatMap((file) =>
    [...file.sections.values()].flatMap((section) => {
      const found = section.options.get(name);
      return found === undefined ? [] : [settingOf(found.origin, found.value, applicable.has(section.name))];
    }),
  );
  const defined = config.defines
    .filter((define) => define.startsWith(`${name}:`))
    .map((define) => {
      const value = define.slice(name.length + 1);
      const shown = String(shownValue(config, name, value));
      return settingOf({ kind: "define", define: `${name}:${shown}` }, value, true);
    });
  return [...inFiles, ...defined];
}
