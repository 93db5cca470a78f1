import { coerceText, complaintAbout } from "./coerce.ts";
import { builtInDefaults, type ConfiguredText } from "./config.ts";
import type { ConfigValue } from "./option-spec.ts";
import type { OptionCatalogue } from "./options.ts";
import type { ConfigProblem } from "./problem.ts";

/** Values of all options, and what is wrong with some of them. */
export interface CoercedValues {
  /** A value that its type does not allow stays text. */
  readonly values: Map<string, ConfigValue>;
  readonly problems: ConfigProblem[];
}

/** Lays configured texts over the built-in defaults, each turned into its option's type. */
export function coerceAll(
  catalogue: OptionCatalogue,
  texts: ReadonlyMap<string, ConfiguredText>,
): CoercedValues {
  const values = builtInDefaults(catalogue.specs);
  const problems: ConfigProblem[] = [];
  for (const [name, { value: text, origin }] of texts) {
    const spec = catalogue.find(name);
    const complaint = spec === undefined ? undefined : complaintAbout(spec, text);
    if (complaint !== undefined) problems.push({ message: `${name} ${complaint}`, origin, option: name });
    const coerced = spec === undefined || spec.keepsText === true ? undefined : coerceText(spec.type, text);
    values.set(name, coerced?.ok === true ? coerced.value : text);
  }
  return { values, problems };
}
