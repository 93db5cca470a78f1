import type { ConfiguredText } from "./config.ts";
import type { IniFile } from "./ini.ts";
import { nearestName } from "./nearest-name.ts";
import { parseInteger } from "./number-text.ts";
import type { OptionSpec } from "./option-spec.ts";
import { familyOf, type OptionCatalogue } from "./options.ts";
import type { ConfigProblem } from "./problem.ts";
import { strip } from "./python-text.ts";
import { adviceOnSections } from "./section-advice.ts";
import type { SectionMatch } from "./sections.ts";

/** What advice is based on. */
export interface AdviceInput {
  readonly catalogue: OptionCatalogue;
  readonly files: readonly IniFile[];
  /** The effective texts. */
  readonly merged: ReadonlyMap<string, ConfiguredText>;
  /** How host sections were compared; undefined when no file has any. */
  readonly match: SectionMatch | undefined;
}

/** Everything that is legal and yet probably not meant, sections first. */
export function adviseOn(input: AdviceInput): ConfigProblem[] {
  const options = [...input.merged].flatMap(([name, text]) =>
    adviceOnOption(name, text, input).map((message) => ({ message, origin: text.origin, option: name })),
  );
  return [...adviceOnSections(input), ...options];
}

function adviceOnOption(name: string, { value, origin }: ConfiguredText, input: AdviceInput): string[] {
  const spec = input.catalogue.find(name);
  if (spec === undefined) {
    const meant = meantOption(name, input);
    return meant === undefined ? [] : [`there is no option ${name}; did you mean ${meant}?`];
  }
  const advice: string[] = [];
  if (/\s[#;]/.test(value) && origin.kind === "file") {
    advice.push(`the value of ${name} contains what looks like a comment: a comment needs a line of its own`);
  }
  const mask = spec.type === "umask" && /^\s*[1-9]/.test(value) ? parseInteger(value) : undefined;
  if (mask !== undefined && mask !== 2 && mask !== 18) {
    advice.push(`${name} ${mask} is decimal (octal 0${mask.toString(8)}); start it with 0 for octal`);
  }
  return [...advice, ...adviceOnWords(spec, name, value), ...adviceOnGroup(name, input)];
}

function adviceOnWords({ type, words }: OptionSpec, name: string, value: string): string[] {
  if (words === undefined) return [];
  const parts = (type === "list" ? value.split(",") : [value]).map(strip);
  const unknown = parts.filter((part) => part !== "" && !words.includes(part));
  return unknown.map((word) => {
    const meant = nearestName(word, words);
    const advice = meant === undefined ? `it knows ${words.join(", ")}` : `did you mean ${meant}?`;
    return `${name} names ${JSON.stringify(word)}, which is not known; ${advice}`;
  });
}

/** An option for a group that is not deployed to is most often a slip in the group's name. */
function adviceOnGroup(name: string, input: AdviceInput): string[] {
  const family = input.catalogue.has(name) ? undefined : familyOf(name);
  if (family?.prefix !== "group") return [];
  const group = name.slice(0, -family.name.length);
  const listed = input.merged.get("server_groups")?.value ?? "default";
  const groups = listed.split(",").map((part) => strip(part).toLowerCase());
  const meant = groups.includes(group) ? undefined : nearestName(group, groups);
  if (meant === undefined) return [];
  return [`${name} is for a group ${group}, which server_groups does not list; did you mean ${meant}?`];
}

function meantOption(name: string, input: AdviceInput): string | undefined {
  const lowered = name.toLowerCase();
  if (lowered !== name && input.catalogue.find(lowered) !== undefined) return lowered;
  return nearestName(
    lowered,
    input.catalogue.specs.map((spec) => spec.name),
  );
}
