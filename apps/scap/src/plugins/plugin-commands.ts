import { parseArguments, type Command, type Io } from "@scap/cli";
import { loadConfig } from "@scap/config";
import { CONFIG_OPTIONS } from "../config-options.ts";
import { loadPlugins } from "./load-plugins.ts";

/** Any command line: what is asked of it here are the global options. */
const ANY: Command = {
  name: "any",
  summary: "",
  arguments: [{ name: "words", summary: "", count: "any" }],
};

/**
 * Commands of plugins, for a command line whose command is none of `core`, and for lists of commands. A name that is
 * taken is warned about and left out.
 */
export async function pluginCommands(
  core: readonly Command[],
  argv: readonly string[],
  io: Io,
): Promise<Command[]> {
  const warn = (text: string): void => void io.stderr.write(`warning: ${text}\n`);
  const config = await loadConfig({
    cwd: io.cwd,
    localConfig: false,
    options: CONFIG_OPTIONS,
    ...asked(argv),
  });
  const plugins = await loadPlugins({ config, cwd: io.cwd, env: io.env, warn });
  const taken = new Map(core.map(({ name }) => [name, "scap"]));
  const commands: Command[] = [];
  for (const plugin of plugins) {
    for (const command of plugin.commands ?? []) {
      const owner = taken.get(command.name);
      if (owner === undefined) commands.push(command);
      else
        warn(
          `the command ${command.name} of the plugin ${plugin.name} is left out: ${owner} has one of that name`,
        );
      taken.set(command.name, plugin.name);
    }
  }
  return commands;
}

/** `-c` and `-D` as far as they can be told without knowing the command's own options. */
function asked(argv: readonly string[]): {
  readonly confFile?: string;
  readonly defines?: readonly string[];
} {
  try {
    const { options } = parseArguments(ANY, argv.slice(1));
    const confFile = options.string("conf");
    // Standard input can be read once only, and the command wants it.
    return {
      defines: options.list("define"),
      ...(confFile === undefined || confFile === "-" ? {} : { confFile }),
    };
  } catch {
    return {};
  }
}
