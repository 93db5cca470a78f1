import type { OptionFamily, OptionSpec } from "./option-spec.ts";
import { CONTAINER_OPTIONS } from "./options/containers.ts";
import { BATCH_STAGES, OPTION_FAMILIES } from "./options/families.ts";
import { GENERAL_OPTIONS } from "./options/general.ts";
import { GUARD_OPTIONS } from "./options/guards.ts";
import { INSTALLATION_OPTIONS } from "./options/installation.ts";
import { MEDIAWIKI_OPTIONS } from "./options/mediawiki.ts";
import { REPOSITORY_OPTIONS } from "./options/repository.ts";
import { TARGET_OPTIONS } from "./options/targets.ts";
import { TRAIN_OPTIONS } from "./options/train.ts";
import { DEAD_OPTIONS, OPTIONS_WITHOUT_DEFAULT } from "./options/without-default.ts";

/** Every option that is known by its exact name, in the order of the reference page. */
export const OPTIONS: readonly OptionSpec[] = [
  ...GENERAL_OPTIONS,
  ...GUARD_OPTIONS,
  ...TARGET_OPTIONS,
  ...REPOSITORY_OPTIONS,
  ...OPTIONS_WITHOUT_DEFAULT,
  ...MEDIAWIKI_OPTIONS,
  ...TRAIN_OPTIONS,
  ...CONTAINER_OPTIONS,
  ...INSTALLATION_OPTIONS,
  ...DEAD_OPTIONS,
];

/** Finds the declaration of an option: by its name, else by the family that its ending belongs to. */
export class OptionCatalogue {
  readonly specs: readonly OptionSpec[];
  readonly #byName: ReadonlyMap<string, OptionSpec>;

  /** Later declarations of a name replace earlier ones. */
  constructor(specs: readonly OptionSpec[]) {
    this.#byName = new Map(specs.map((spec) => [spec.name, spec]));
    this.specs = [...this.#byName.values()];
  }

  /** The declaration, or undefined for an option that nobody has declared. */
  find(name: string): OptionSpec | undefined {
    return this.#byName.get(name) ?? this.#secretSource(name) ?? familyMember(name);
  }

  /** True for a name with a declaration of its own, not through a family. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  #secretSource(name: string): OptionSpec | undefined {
    const base = this.#byName.get(name.replace(/_(?:file|env)$/, ""));
    if (base?.secret !== true || base.name === name) return undefined;
    const what = name.endsWith("_file") ? "File whose first line is" : "Environment variable that holds";
    return {
      name,
      type: "str",
      default: null,
      keepsText: true,
      nonEmpty: true,
      subject: base.subject,
      help: `${what} the value of ${base.name}.`,
    };
  }
}

/** The family that a name belongs to, for example `_group_size` for `canary_group_size`. */
export function familyOf(name: string): OptionFamily | undefined {
  return OPTION_FAMILIES.find((family) => {
    if (!name.endsWith(family.name) || name.length === family.name.length) return false;
    return family.prefix === "group" || BATCH_STAGES.includes(name.slice(0, -family.name.length));
  });
}

function familyMember(name: string): OptionSpec | undefined {
  const family = familyOf(name);
  return family === undefined ? undefined : { ...family, name };
}
