import { existsSync } from "node:fs";
import { join } from "node:path";
import { findConfigFileList, scapDirectories } from "@scap/deploy";
import { readConfigFiles, type ConfigFileList } from "@scap/template";
import type { Invocation } from "@scap/cli";
import type { Session } from "./session.ts";

/** The `scap` directories of the checkout, the environment's first. */
export function templateDirectories({ cwd }: Invocation, { config }: Session): Promise<string[]> {
  return scapDirectories(cwd, config.str("environment") ?? null);
}

/** The `vars.yaml` files that exist, from the weakest to the strongest. */
export function variableFiles(directories: readonly string[]): string[] {
  return directories
    .map((directory) => join(directory, "vars.yaml"))
    .filter((file) => existsSync(file))
    .toReversed();
}

/** The entries of `config-files.yaml`, of the environment when it has its own; undefined when there is none. */
export async function configFileList(directories: readonly string[]): Promise<ConfigFileList | undefined> {
  const file = await findConfigFileList(directories);
  return file === undefined ? undefined : readConfigFiles(file);
}
