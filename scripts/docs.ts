/** Writes docs/reference from the declarations of options and commands; with `--check` only says what is out of date. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { apiPage } from "./api-reference.ts";
import { COMMANDS } from "../apps/scap/src/commands/index.ts";
import { CONFIG_OPTIONS } from "../apps/scap/src/config-options.ts";
import type { Command } from "../packages/cli/src/index.ts";
import { renderHelp } from "../packages/cli/src/index.ts";
import { defaultOf, OPTION_FAMILIES, OPTIONS, type OptionSpec } from "../packages/config/src/index.ts";

const GENERATED = "<!-- Written by npm run docs; edit the declarations instead. -->";
/** Packages that are made to be used by themselves. */
const API_PACKAGES = ["ssh-job", "targets"] as const;
const pages: Record<string, string> = {
  "configuration.md": configurationPage(),
  "commands.md": commandsPage(),
  ...Object.fromEntries(API_PACKAGES.map((name) => [`api-${name}.md`, apiReference(name)])),
};
const directory = new URL("../docs/reference/", import.meta.url);
const isCheck = process.argv.includes("--check");
let stale = 0;

mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(pages)) {
  const path = new URL(name, directory);
  if (read(path) === text) continue;
  stale++;
  if (isCheck) console.error(`docs/reference/${name} is out of date: run npm run docs`);
  else writeFileSync(path, text);
}
if (isCheck && stale > 0) process.exit(1);

function apiReference(name: string): string {
  const index = new URL(`../packages/${name}/src/index.ts`, import.meta.url).pathname;
  return `${GENERATED}\n\n${apiPage(`@scap/${name}`, index)}`;
}

function configurationPage(): string {
  const specs: readonly OptionSpec[] = [...OPTIONS, ...CONFIG_OPTIONS];
  const subjects = [...new Set(specs.map(({ subject }) => subject))];
  const sections = subjects.map((subject) => {
    const rows = specs.filter((spec) => spec.subject === subject).map(optionRow);
    return `## ${subject}\n\n${table(rows)}`;
  });
  const families = OPTION_FAMILIES.map((family) =>
    optionRow({ ...family, name: `<${family.prefix}>${family.name}` }),
  );
  return `${GENERATED}

# Configuration options

Set them in \`/etc/scap.cfg\`, \`scap/scap.cfg\`, \`scap/environments/<environment>/scap.cfg\` or with \`-D name:value\`.
\`scap config explain NAME\` shows one of them with its value and where that comes from.

${sections.join("\n")}
## Options of one group or stage

${table(families)}`;
}

function table(rows: readonly string[]): string {
  return `| Option | Type | Default | Meaning |\n|---|---|---|---|\n${rows.join("")}`;
}

function optionRow(spec: OptionSpec): string {
  // Where the default depends on the process it would differ from machine to machine.
  const value = typeof spec.default === "function" ? "computed" : defaultOf(spec);
  const fallback = value === null ? "—" : value === "" ? "empty" : `\`${String(value)}\``;
  const unit = spec.unit === undefined ? "" : ` (${spec.unit})`;
  const deprecated = spec.deprecated === undefined ? "" : ` Deprecated: ${spec.deprecated}`;
  const words = spec.choices ?? spec.words;
  const choices = words === undefined ? "" : ` (${words.map((word) => `\`${word}\``).join(", ")})`;
  return `| \`${spec.name}\` | ${spec.type}${unit}${choices} | ${fallback} | ${spec.help.replaceAll("|", "\\|")}${deprecated} |\n`;
}

function commandsPage(): string {
  const visible = COMMANDS.filter(({ hidden }) => hidden !== true).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  return `${GENERATED}\n\n# Commands\n\n${visible.map((command) => commandSection(command, "scap")).join("\n")}`;
}

function commandSection(command: Command, parent: string): string {
  const program = `${parent} ${command.name}`;
  const own = `## ${program}\n\n\`\`\`\n${renderHelp(command, program)}\`\`\`\n`;
  return [own, ...(command.commands ?? []).map((action) => commandSection(action, program))].join("\n");
}

function read(path: URL): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
