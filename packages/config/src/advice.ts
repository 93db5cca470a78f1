import type { ConfiguredText } from "./config.ts";
import type { IniFile } from "./ini.ts";
import { nearestName } from "./nearest-name.ts";
import { familyOf, type OptionCatalogue } from "./options.ts";
import type { ConfigOrigin } from "./origin.ts";
import type { ConfigProblem } from "./problem.ts";
import { strip } from "./python-text.ts";
import { applicableSections } from "./sections.ts";

/** What advice is based on. */
export interface AdviceInput {
  readonly catalogue: OptionCatalogue;
  readonly files: readonly IniFile[];
  /** The effective texts. */
  readonly merged: ReadonlyMap<string, ConfiguredText>;
  readonly fqdn: string | undefined;
}

/** Everything that is legal and yet probably not meant, in the order of the files. */
export function adviseOn(input: AdviceInput): ConfigProblem[] {
  const sections = input.files.flatMap((file) => [
    ...file.warnings,
    ...[...file.sections.values()].flatMap(({ name, line }) => {
      const origin: ConfigOrigin = { kind: "file", file: file.file, line, section: name };
      return adviceOnSection(name, origin, input.fqdn);
    }),
  ]);
  const options = [...input.merged].flatMap(([name, text]) => adviceOnOption(name, text, input));
  return [...sections, ...options];
}

function adviceOnSection(name: string, origin: ConfigOrigin, fqdn: string | undefined): ConfigProblem[] {
  if (name === "DEFAULT") return [];
  const wanted = fqdn === undefined ? ["global"] : applicableSections(fqdn);
  if (wanted.includes(name)) return [];
  const plain = strip(name).toLowerCase();
  const meant = wanted.find((section) => section.toLowerCase() === plain) ?? nearestName(plain, ["global"]);
  if (meant !== undefined) {
    return [{ message: `section [${name}] does not apply here; did you mean [${meant}]?`, origin }];
  }
  if (fqdn?.includes(".") === true && name === fqdn.split(".")[0]) {
    return [
      { message: `section [${name}] does not apply: a host's section has the full name [${fqdn}]`, origin },
    ];
  }
  return [];
}

function adviceOnOption(
  name: string,
  { value, origin }: ConfiguredText,
  input: AdviceInput,
): ConfigProblem[] {
  const spec = input.catalogue.find(name);
  const say = (message: string): ConfigProblem => ({ message, origin, option: name });
  if (spec === undefined) {
    const meant = meantOption(name, input);
    const advice = adviceOnDefaults(name, origin, say, input);
    return meant === undefined
      ? advice
      : [say(`there is no option ${name}; did you mean ${meant}?`), ...advice];
  }
  const advice: ConfigProblem[] = [];
  if (/\s[#;]/.test(value) && origin.kind === "file") {
    advice.push(
      say(`the value of ${name} contains what looks like a comment: a comment needs a line of its own`),
    );
  }
  const digits = strip(value);
  if (spec.type === "umask" && /^[1-9]/.test(digits) && digits !== "2" && digits !== "18") {
    advice.push(
      say(`${name} ${digits} is decimal (octal 0${Number(digits).toString(8)}); start it with 0 for octal`),
    );
  }
  if (spec.deprecated !== undefined) advice.push(say(`${name} is deprecated: ${spec.deprecated}`));
  return [...advice, ...adviceOnDefaults(name, origin, say, input), ...adviceOnGroup(name, say, input)];
}

/** A value of [DEFAULT] counts again with each section that exists, and so can beat [global]. */
function adviceOnDefaults(
  name: string,
  origin: ConfigOrigin,
  say: (message: string) => ConfigProblem,
  { files }: AdviceInput,
): ConfigProblem[] {
  if (origin.kind !== "file" || origin.section !== "DEFAULT") return [];
  const isBeaten = files.some((file) => file.sections.get("global")?.options.has(name) === true);
  return isBeaten
    ? [say(`${name} of [DEFAULT] beats the one of [global], because a section for this host exists`)]
    : [];
}

/** An option for a group that is not deployed to is most often a slip in the group's name. */
function adviceOnGroup(
  name: string,
  say: (message: string) => ConfigProblem,
  input: AdviceInput,
): ConfigProblem[] {
  const family = input.catalogue.has(name) ? undefined : familyOf(name);
  if (family?.prefix !== "group") return [];
  const group = name.slice(0, -family.name.length);
  const listed = input.merged.get("server_groups")?.value ?? "default";
  const groups = listed.split(",").map((part) => strip(part).toLowerCase());
  const meant = groups.includes(group) ? undefined : nearestName(group, groups);
  return meant === undefined
    ? []
    : [say(`${name} is for a group ${group}, which server_groups does not list; did you mean ${meant}?`)];
}

function meantOption(name: string, input: AdviceInput): string | undefined {
  const lowered = name.toLowerCase();
  if (lowered !== name && input.catalogue.find(lowered) !== undefined) return lowered;
  return nearestName(
    lowered,
    input.catalogue.specs.map((spec) => spec.name),
  );
}
