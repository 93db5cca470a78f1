import { EXIT, renderTable, type Command, type Invocation } from "@scap/cli";
import { COMMANDS } from "../commands/index.ts";
import { withPluginCommands } from "../plugins/plugin-commands.ts";

/** `scap list`. */
export async function runList(invocation: Invocation): Promise<number> {
  const { options, stdout } = invocation;
  const all = await withPluginCommands(COMMANDS, invocation);
  const wanted = all.filter(({ hidden }) => hidden !== true || options.flag("all"));
  const sorted = wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (options.flag("json")) stdout.write(`${JSON.stringify({ commands: sorted.map(toJson) }, null, 2)}\n`);
  else stdout.write(renderTable(sorted.flatMap((command) => rowsOf(command))));
  return EXIT.ok;
}

function rowsOf(command: Command): string[][] {
  const actions = (command.commands ?? []).map(({ name, summary }) => [`  ${name}`, summary]);
  return [[command.name, command.summary], ...actions];
}

function toJson(command: Command): Record<string, unknown> {
  const { name, summary, hidden = false } = command;
  const options = (command.options ?? []).map((option) => ({
    name: option.name,
    short: option.short ?? null,
    takesValue: option.type !== "flag",
    summary: option.summary,
  }));
  return {
    name,
    summary,
    hidden,
    deployServerOnly: command.deployServerOnly === true,
    arguments: (command.arguments ?? []).map((argument) => ({ name: argument.name, count: argument.count })),
    options,
    commands: (command.commands ?? []).map(toJson),
  };
}
