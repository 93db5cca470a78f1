import { GLOBAL_OPTIONS, type Argument, type Command, type Option } from "./command.ts";
import { shownOptions } from "./parse-arguments.ts";
import type { Io } from "./invocation.ts";
import { renderDefinitions, wrapParagraphs, wrapText } from "./wrap-text.ts";

/** How a help page is set. */
export interface HelpLayout {
  /** Longest line, in characters. @defaultValue no limit */
  readonly columns?: number;
}

type Definition = readonly [string, string];

/** Help page of one command. `program` is its full name, for example `scap deploy`. */
export function renderHelp(command: Command, program: string, layout: HelpLayout = {}): string {
  const { columns = Infinity } = layout;
  const options = shownOptions(command);
  const globals = new Set(GLOBAL_OPTIONS.map((option) => option.name));
  const own = new Set((command.options ?? []).map((option) => option.name));
  const section = (title: string, rows: readonly Definition[]): string =>
    rows.length === 0 ? "" : `${title}:\n${renderDefinitions(rows, columns)}`;
  const sections = [
    `${wrappedUsage(command, program, columns)}\n`,
    `${command.summary}.\n`,
    command.description === undefined ? "" : `${wrapParagraphs(command.description, columns)}\n`,
    section("Arguments", (command.arguments ?? []).map(describeArgument)),
    section("Commands", visible(command.commands ?? []).map(describeCommand)),
    section("Options", options.filter(({ name }) => own.has(name)).map(describeOption)),
    section(
      "Global options",
      options.filter((option) => globals.has(option.name) && !own.has(option.name)).map(describeOption),
    ),
    examples(command, columns),
  ];
  return sections.filter((text) => text !== "").join("\n");
}

/** Overview of all commands, sorted by name, hidden ones left out. */
export function renderCommandList(
  commands: readonly Command[],
  program: string,
  about: string,
  { columns = Infinity }: HelpLayout = {},
): string {
  const rows = visible(commands)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(describeCommand);
  return [
    `Usage: ${program} COMMAND [arguments]\n`,
    `${wrapParagraphs(about, columns)}\n`,
    `Commands:\n${renderDefinitions(rows, columns)}`,
    `'${program} COMMAND --help' shows the options and examples of a command.\n`,
  ].join("\n");
}

/** Help fits the terminal, but is never wider than a page of text; without one it is as wide as `COLUMNS`, else 80. */
export function helpLayout({ env, stdout }: Pick<Io, "env" | "stdout">): HelpLayout {
  const terminal = stdout.isTTY === true ? stdout.columns : undefined;
  const columns = terminal ?? (Number.parseInt(env["COLUMNS"] ?? "", 10) || 80);
  return { columns: Math.min(100, Math.max(40, columns)) };
}

function wrappedUsage(command: Command, program: string, columns: number): string {
  const [first = "", ...more] =
    columns === Infinity ? [usage(command, program)] : wrapText(usage(command, program), columns - 7);
  return [first, ...more.map((line) => `       ${line}`)].join("\n");
}

function describeCommand({ name, summary }: Command): Definition {
  return [name, summary];
}

function usage(command: Command, program: string): string {
  const words = (command.arguments ?? []).map(usageOf);
  const action =
    command.commands === undefined ? [] : [command.handler === undefined ? "COMMAND" : "[COMMAND]"];
  const required = (command.options ?? []).filter((option) => option.required === true);
  const needed = required.map((option) => `${shortest(option)} ${option.value ?? "VALUE"}`);
  return ["Usage:", program, ...action, ...needed, "[options]", ...words].join(" ");
}

function usageOf(argument: Argument): string {
  const name = argument.choices === undefined ? argument.name : argument.name.toUpperCase();
  return { one: name, optional: `[${name}]`, any: `[${name} ...]`, many: `${name} ...` }[argument.count];
}

function shortest(option: Option): string {
  return option.short === undefined ? `--${option.name}` : `-${option.short}`;
}

function describeArgument(argument: Argument): Definition {
  const choices = argument.choices === undefined ? "" : ` (${argument.choices.join(", ")})`;
  return [argument.name, `${argument.summary}${choices}`];
}

function describeOption(option: Option): Definition {
  const names = [option.name, ...(option.aliases ?? [])].map((name) => `--${name}`).join(", ");
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
  const fallback = option.default === undefined ? "" : ` (default: ${option.default})`;
  return [`${short}${names}${describeValue(option)}`, `${option.summary}${choices}${fallback}`];
}

function describeValue({ type, optionalValue, value = "VALUE" }: Option): string {
  if (type === "flag") return "";
  return optionalValue === undefined ? ` ${value}` : `[=${value}]`;
}

function examples({ examples: list = [] }: Command, columns: number): string {
  if (list.length === 0) return "";
  const lines = list.flatMap(({ command, explains }) => [
    ...(columns === Infinity ? [explains] : wrapText(explains, columns - 4)).map((line) => `# ${line}`),
    command,
  ]);
  return `Examples:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

function visible(commands: readonly Command[]): readonly Command[] {
  return commands.filter((command) => command.hidden !== true);
}
