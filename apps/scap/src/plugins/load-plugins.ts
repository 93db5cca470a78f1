import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError, EXIT } from "@scap/cli";
import { describeOrigin, type Config } from "@scap/config";
import type { Plugin } from "./plugin.ts";

/** Where plugins come from, and who hears of those that cannot be used. */
export interface LoadPluginsOptions {
  readonly config: Config;
  /** The checkout, which may not name any. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
}

/**
 * Loads the modules that the option `plugins` names. One that cannot be used is warned about and left out.
 *
 * @throws CliError when a checkout names plugins: deploying a repository must not run its code on the deploy server
 */
export async function loadPlugins({ config, cwd, env, warn }: LoadPluginsOptions): Promise<Plugin[]> {
  const paths = (config.list("plugins") ?? []).filter((path) => path !== "");
  if (paths.length === 0 || env["SCAP_DISABLE_PLUGINS"]) return [];
  refuseCheckout(config, cwd);
  const plugins: Plugin[] = [];
  for (const path of paths) {
    try {
      await checkFile(path);
      plugins.push(pluginOf((await import(pathToFileURL(path).href)) as object));
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
  return plugin as Plugin;
}

function hasName(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
}
