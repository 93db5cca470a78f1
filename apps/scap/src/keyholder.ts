import { isAbsolute, join } from "node:path";
import { CliError, EXIT } from "@scap/cli";
import type { Config } from "@scap/config";
import { pathExists } from "./path-exists.ts";

/** Where shared keys are kept. */
const KEYHOLDER_DIRECTORY = "/etc/keyholder.d";

/** The key of the option `keyholder_key`, or else the one named after the user; undefined when it does not exist. */
export async function keyFile(config: Config, user: string | undefined): Promise<string | undefined> {
  const path = keyPath(config.str("keyholder_key") || (user ?? "").replaceAll(/[^\p{L}\p{N}_]/gu, "_"));
  return (await pathExists(path)) ? path : undefined;
}

/**
 * Whoever names a key means that one: without it any other key of the agent would be offered.
 *
 * @throws CliError `NO_KEY` when `keyholder_key` names a file that does not exist
 */
export async function requireNamedKey(config: Config): Promise<void> {
  const named = config.str("keyholder_key");
  if (!named || (await pathExists(keyPath(named)))) return;
  throw noKey(`keyholder_key is ${named}, but ${keyPath(named)} does not exist`);
}

/**
 * The public half of the key that `install_ssh_user` logs in with.
 *
 * @throws CliError `NO_KEY` when it does not exist
 */
export async function installKey(user: string, directory: string = KEYHOLDER_DIRECTORY): Promise<string> {
  const path = join(directory, `${user}.pub`);
  if (await pathExists(path)) return path;
  throw noKey(`install_ssh_user is ${user}, but its key ${path} does not exist`);
}

function keyPath(name: string): string {
  return isAbsolute(name) ? name : join(KEYHOLDER_DIRECTORY, name);
}

function noKey(message: string): CliError {
  const hint = "Add the key to keyholder on this deploy server, or take the option out of the configuration.";
  return new CliError(message, { code: "NO_KEY", exitCode: EXIT.failed, hint });
}
