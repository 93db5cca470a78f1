import { parseArguments, printable, type Command, type Invocation, type Io } from "@scap/cli";
import { loadConfig } from "@scap/config";
import { CONFIG_OPTIONS } from "../config-options.ts";
import { isRefusedRoot } from "../is-refused-root.ts";
import { blamePlugin } from "./blame-plugin.ts";
import { loadPlugins } from "./load-plugins.ts";
import type { Plugin } from "./plugin.ts";

/** Any command line: what is asked of it here are the global options. */
const ANY: Command = {
  name: "any",
  summary: "",
  arguments: [{ name: "words", summary: "", count: "any" }],
};

/** What a command line says about the configuration. */
interface AskedConfig {
  readonly confFile?: string;
  readonly defines?: readonly string[];
}

/** Commands of plugins, for a command line whose command is none of `core`, and for lists of commands. */
export async function pluginCommands(
  core: readonly Command[],
  argv: readonly string[],
  io: Pick<Io, "cwd" | "env" | "stderr">,
): Promise<Command[]> {
  return await commandsOfPlugins(core, asked(argv), io);
}

/** `core` and the commands of plugins, for a command that is about commands. */
export async function withPluginCommands(
  core: readonly Command[],
  invocation: Invocation,
): Promise<Command[]> {
  const { options } = invocation;
  const wanted = configOf(options.string("conf"), options.list("define"));
  return [...core, ...(await commandsOfPlugins(core, wanted, invocation))];
}

/** What cannot be used is warned about and left out: no plugin and no configuration may keep help from being shown. */
async function commandsOfPlugins(
  core: readonly Command[],
  wanted: AskedConfig,
  { cwd, env, stderr }: Pick<Io, "cwd" | "env" | "stderr">,
): Promise<Command[]> {
  const warn = (text: string): void => void stderr.write(printable(`warning: ${text}\n`));
  try {
    const config = await loadConfig({ cwd, localConfig: false, options: CONFIG_OPTIONS, ...wanted });
    // No command will run as root then: nor must what a plugin does while it is loaded.
    if (isRefusedRoot(config)) return [];
    return ownNames(core, await loadPlugins({ config, cwd, env, warn, running: process }), warn);
  } catch (error) {
    warn(`plugins are left out: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

function ownNames(
  core: readonly Command[],
  plugins: readonly Plugin[],
  warn: (text: string) => void,
): Command[] {
  const taken = new Map(core.map(({ name }) => [name, "scap"]));
  const commands: Command[] = [];
  for (const plugin of plugins) {
    for (const command of plugin.commands ?? []) {
      const owner = taken.get(command.name);
      if (owner === undefined) commands.push(blamePlugin(command, plugin.name));
      else
        warn(
          `the command ${command.name} of the plugin ${plugin.name} is left out: ${owner} has one of that name`,
        );
      taken.set(command.name, plugin.name);
    }
  }
  return commands;
}

/** `-c` and `-D` as far as they can be told without knowing the command's own options, which are passed over. */
function asked(argv: readonly string[]): AskedConfig {
  const end = argv.indexOf("--");
  const words = argv.slice(1, end < 0 ? undefined : end);
  const own = words.flatMap((word, at) => {
    if (/^(-c|-D|--conf|--define)$/.test(word)) return words.slice(at, at + 2);
    return /^(-[cD].|--conf=|--define=)/.test(word) ? [word] : [];
  });
  try {
    const { options } = parseArguments(ANY, own);
    return configOf(options.string("conf"), options.list("define"));
  } catch {
    return {};
  }
}

/** Standard input can be read once only, and the command wants it. */
function configOf(confFile: string | undefined, defines: readonly string[]): AskedConfig {
  return { defines, ...(confFile === undefined || confFile === "-" ? {} : { confFile }) };
}
