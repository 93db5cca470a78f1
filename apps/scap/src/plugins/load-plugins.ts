import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError, EXIT, type Command } from "@scap/cli";
import { describeOrigin, type Config } from "@scap/config";
import { inTime, PLUGIN_PATIENCE_MS } from "./in-time.ts";
import type { Plugin } from "./plugin.ts";
import { catchStrayErrors } from "./stray-errors.ts";

/** Where plugins come from, and who hears of those that cannot be used. */
export interface LoadPluginsOptions {
  readonly config: Config;
  /** The checkout, which may not name any. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
  /** The process that plugins must not end by errors that nobody waits for. @defaultValue they may */
  readonly running?: Pick<NodeJS.Process, "on">;
  /** Longest loading of one module, in milliseconds. @defaultValue 10_000 */
  readonly patienceMs?: number;
}

/**
 * Loads the modules that the option `plugins` names. One that cannot be used is warned about and left out.
 *
 * @throws CliError when a checkout names plugins: deploying a repository must not run its code on the deploy server
 */
export async function loadPlugins(options: LoadPluginsOptions): Promise<Plugin[]> {
  const { config, cwd, env, patienceMs = PLUGIN_PATIENCE_MS, warn } = options;
  const paths = (config.list("plugins") ?? []).filter((path) => path !== "");
  if (paths.length === 0 || env["SCAP_DISABLE_PLUGINS"]) return [];
  refuseCheckout(config, cwd);
  if (options.running !== undefined) catchStrayErrors(options.running, paths, warn);
  const plugins: Plugin[] = [];
  for (const path of paths) {
    try {
      await checkFile(path);
      plugins.push(pluginOf((await inTime(import(pathToFileURL(path).href), patienceMs)) as object));
    } catch (error) {
      warn(`the plugin ${path} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return plugins;
}

function refuseCheckout(config: Config, cwd: string): void {
  const origin = config.origin("plugins");
  if (origin.kind !== "file" || !origin.file.startsWith(join(cwd, "scap") + sep)) return;
  throw new CliError(`A checkout must not name plugins (${describeOrigin(origin)})`, {
    code: "PLUGINS_OF_CHECKOUT",
    exitCode: EXIT.usage,
    hint: "Set plugins in /etc/scap.cfg, or with -D.",
  });
}

/** Code that somebody else can change would run with the rights of whoever deploys. */
async function checkFile(path: string): Promise<void> {
  if (!isAbsolute(path)) throw new Error("its path must be absolute");
  for (const place of [path, dirname(path)]) {
    const { mode, uid } = await stat(place);
    if (uid !== 0 && uid !== process.geteuid?.()) throw new Error(`${place} belongs to another user`);
    if ((mode & 0o022) !== 0) throw new Error(`${place} can be written by others`);
  }
}

function pluginOf(module: object): Plugin {
  const plugin: unknown = "plugin" in module ? module.plugin : undefined;
  if (typeof plugin !== "object" || plugin === null) throw new Error("it exports no object named plugin");
  if (!("name" in plugin) || typeof plugin.name !== "string") throw new Error("its plugin has no name");
  for (const part of ["commands", "checkTypes", "transports", "notifiers"] as const) {
    const list: unknown = part in plugin ? (plugin as Record<string, unknown>)[part] : [];
    if (!Array.isArray(list) || !list.every(hasName))
      throw new Error(`${part} must be a list of named objects`);
  }
  const { commands = [] } = plugin as Plugin;
  commands.forEach(checkCommand);
  return plugin as Plugin;
}

/** Lists of commands and help pages show these; they must not stumble over them. */
function checkCommand(command: Command): void {
  if (typeof command.summary !== "string") throw new Error(`its command ${command.name} has no summary`);
  for (const part of ["arguments", "options", "commands", "examples"] as const) {
    if (!Array.isArray(command[part] ?? []))
      throw new Error(`${part} of its command ${command.name} must be a list`);
  }
  command.commands?.forEach(checkCommand);
}

function hasName(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
