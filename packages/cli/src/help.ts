import { GLOBAL_OPTIONS, type Argument, type Command, type Option } from "./command.ts";
import { allOptions } from "./parse-arguments.ts";
import { renderTable } from "./table.ts";

/** Help page of one command. `program` is its full name, for example `scap deploy`. */
export function renderHelp(command: Command, program: string): string {
  const options = allOptions(command);
  const globals = new Set(GLOBAL_OPTIONS.map((option) => option.name));
  const own = new Set((command.options ?? []).map((option) => option.name));
  const sections = [
    `${usage(command, program)}\n`,
    `${command.summary}.\n`,
    command.description === undefined ? "" : `${command.description}\n`,
    section("Arguments", (command.arguments ?? []).map(describeArgument)),
    section(
      "Commands",
      visible(command.commands ?? []).map((action) => [action.name, action.summary]),
    ),
    section("Options", (command.options ?? []).map(describeOption)),
    section(
      "Global options",
      options.filter((option) => globals.has(option.name) && !own.has(option.name)).map(describeOption),
    ),
    examples(command),
  ];
  return sections.filter((text) => text !== "").join("\n");
}

/** Overview of all commands, sorted by name, hidden ones left out. */
export function renderCommandList(commands: readonly Command[], program: string, about: string): string {
  const rows = visible(commands)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((command) => [command.name, command.summary]);
  return [
    `Usage: ${program} COMMAND [arguments]\n`,
    `${about}\n`,
    section("Commands", rows),
    `'${program} COMMAND --help' shows the options and examples of a command.\n`,
  ].join("\n");
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

function describeArgument(argument: Argument): string[] {
  const choices = argument.choices === undefined ? "" : ` (${argument.choices.join(", ")})`;
  return [argument.name, `${argument.summary}${choices}`];
}

function describeOption(option: Option): string[] {
  const names = [option.name, ...(option.aliases ?? [])].map((name) => `--${name}`).join(", ");
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const value = option.type === "flag" ? "" : ` ${option.value ?? "VALUE"}`;
  const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
  const fallback = option.default === undefined ? "" : ` (default: ${option.default})`;
  return [`${short}${names}${value}`, `${option.summary}${choices}${fallback}`];
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : `${title}:\n${renderTable(rows, "  ")}`;
}

function examples(command: Command): string {
  if (command.examples === undefined || command.examples.length === 0) return "";
  const lines = command.examples.map(({ command: line, explains }) => `  # ${explains}\n  ${line}\n`);
  return `Examples:\n${lines.join("")}`;
}

function visible(commands: readonly Command[]): readonly Command[] {
  return commands.filter((command) => command.hidden !== true);
}
