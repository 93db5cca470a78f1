import type { AdviceInput } from "./advice.ts";
import { nearestName } from "./nearest-name.ts";
import type { ConfigOrigin } from "./origin.ts";
import type { ConfigProblem } from "./problem.ts";
import { strip } from "./python-text.ts";
import { applicableSections, isSameSection, type SectionMatch } from "./sections.ts";

/** Headers that are probably not what was meant, and text behind them that is lost. */
export function adviceOnSections({ files, match }: AdviceInput): ConfigProblem[] {
  return files.flatMap((file) => [
    ...file.warnings,
    ...[...file.sections.values()].flatMap(({ name, line }) => {
      const message = adviceOnSection(name, match);
      const origin: ConfigOrigin = { kind: "file", file: file.file, line, section: name };
      return message === undefined ? [] : [{ message, origin }];
    }),
  ]);
}

function adviceOnSection(name: string, match: SectionMatch | undefined): string | undefined {
  if (name === "DEFAULT") return undefined;
  const wanted = match === undefined ? ["global"] : applicableSections(match.fqdn);
  if (wanted.some((section) => isSameSection(name, section, match))) return undefined;
  const plain = strip(name).toLowerCase();
  const meant = wanted.find((section) => section.toLowerCase() === plain) ?? nearestName(plain, ["global"]);
  if (meant !== undefined) return `section [${name}] does not apply here; did you mean [${meant}]?`;
  const fqdn = wanted.at(-1) ?? "";
  if (!fqdn.startsWith(`${name}.`)) return undefined;
  return `section [${name}] does not apply: a host's section has the full name [${fqdn}]`;
}
