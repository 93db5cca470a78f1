/** A part of a help text, as cac makes it. */
export interface HelpSection {
  readonly title?: string;
  readonly body: string;
}

const TRY_THIS = "For more info";
const EXAMPLES: HelpSection = {
  title: "Examples",
  body: `  cdb make words.cdb words.txt     of lines +3,5:one->Hello and an empty one
  cdb get words.cdb one
  cdb rebuild cache/l10n`,
};
const EXIT_CODES: HelpSection = {
  title: "Exit codes",
  body: `  0  done
  1  it failed; get: the key is absent; verify: something is wrong;
     diff: they differ
  2  wrong usage; get and diff: a file cannot be read
  128 + n  stopped by signal n; old files are as they were`,
};

/** Makes the help fit into 80 columns, and adds what the whole command has in common to its own. */
export function helpSections(sections: HelpSection[]): HelpSection[] {
  const isWhole = sections.some(({ title }) => title?.startsWith(TRY_THIS));
  const kept = sections
    .filter(({ title }) => title?.startsWith(TRY_THIS) !== true)
    // The default of an option that starts with "no" is not worth telling.
    .map((section) => ({ ...section, body: section.body.replaceAll(/ \(default: true\)| +$/gm, "") }));
  return isWhole
    ? [...kept, EXAMPLES, EXIT_CODES, { body: "cdb COMMAND --help tells the options of each." }]
    : kept;
}
