import type { IniFile, IniValue } from "./ini.ts";

/** How section names are compared with the host's name. */
export interface SectionMatch {
  /** Fully qualified name of the host; a trailing dot is ignored. */
  readonly fqdn: string;
  /** Compare host sections without regard to case, for names that a resolver gave. @defaultValue false */
  readonly ignoreCase?: boolean;
}

/**
 * Names of the sections that apply, weakest first: `global`, then each suffix of the host's name from the
 * shortest to the full name.
 */
export function applicableSections(fqdn: string): string[] {
  const labels = fqdn.replace(/\.$/, "").split(".");
  const suffixes = labels.map((_, index) => labels.slice(labels.length - 1 - index).join("."));
  return ["global", ...suffixes.filter((suffix) => suffix !== "")];
}

/**
 * Merges files into one flat map of texts. Files merge first, the later one winning inside a section; then the
 * applicable sections are laid over each other. `[DEFAULT]` counts anew at the level of each section that exists.
 */
export function mergeSections(files: readonly IniFile[], match: SectionMatch): Map<string, IniValue> {
  const merged = new Map<string, IniValue>();
  const defaults = sectionAcrossFiles(files, (name) => name === "DEFAULT").options;
  for (const wanted of applicableSections(match.fqdn)) {
    const section = sectionAcrossFiles(files, (name) => isSameSection(name, wanted, match));
    if (!section.exists) continue;
    for (const [name, value] of defaults) merged.set(name, value);
    for (const [name, value] of section.options) merged.set(name, value);
  }
  return merged;
}

/** True when some section is neither `global` nor `DEFAULT`, so that the host's name matters. */
export function hasHostSections(files: readonly IniFile[]): boolean {
  return files.some((file) =>
    [...file.sections.keys()].some((name) => name !== "global" && name !== "DEFAULT"),
  );
}

function sectionAcrossFiles(
  files: readonly IniFile[],
  isWanted: (name: string) => boolean,
): { exists: boolean; options: Map<string, IniValue> } {
  const options = new Map<string, IniValue>();
  let exists = false;
  for (const file of files) {
    for (const section of file.sections.values()) {
      if (!isWanted(section.name)) continue;
      exists = true;
      for (const [name, value] of section.options) options.set(name, value);
    }
  }
  return { exists, options };
}

/** Whether the name in a header is that of an applicable section. */
export function isSameSection(name: string, wanted: string, match: SectionMatch | undefined): boolean {
  if (name === wanted) return true;
  if (match?.ignoreCase !== true || wanted === "global" || name === "DEFAULT") return false;
  return name.toLowerCase() === wanted.toLowerCase();
}
