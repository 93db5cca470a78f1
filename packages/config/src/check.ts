import { complaintAbout } from "./coerce.ts";
import type { IniFile } from "./ini.ts";
import type { InspectedConfig } from "./load.ts";
import type { OptionCatalogue } from "./options.ts";
import { describeProblem, type ConfigProblem } from "./problem.ts";

/** The outcome of `scap config check`. */
export interface ConfigCheck {
  /** What must be corrected, also in sections for other hosts. */
  readonly problems: readonly ConfigProblem[];
  /** What is legal and probably not meant: mistyped names, lost comments, deprecated options. */
  readonly warnings: readonly ConfigProblem[];
}

/** Checks every value of every section that was read, not only those in effect here. */
export function checkConfig({ config, problems, remarks, files }: InspectedConfig): ConfigCheck {
  const all = [...problems, ...files.flatMap((file) => problemsOf(file, config.catalogue))];
  return { problems: withoutRepeats(all), warnings: withoutRepeats([...config.warnings, ...remarks]) };
}

function problemsOf(file: IniFile, catalogue: OptionCatalogue): ConfigProblem[] {
  return [...file.sections.values()].flatMap((section) =>
    [...section.options].flatMap(([name, { value, origin }]) => {
      const spec = catalogue.find(name);
      const complaint = spec === undefined ? undefined : complaintAbout(spec, value);
      return complaint === undefined ? [] : [{ message: `${name} ${complaint}`, origin, option: name }];
    }),
  );
}

function withoutRepeats(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...new Map(problems.map((problem) => [describeProblem(problem), problem])).values()];
}
