import { join } from "node:path";

import { isRegularFile, pathExists } from "./config-file.ts";
import { ConfigError } from "./errors.ts";

/** Directory of an environment in a checkout. */
export function environmentDirectory(cwd: string, environment: string): string {
  return join(cwd, "scap", "environments", environment);
}

/**
 * Refuses a name that could leave `scap/environments`.
 *
 * @throws {ConfigError} `CONFIG_ENVIRONMENT_UNKNOWN`
 */
export function checkEnvironmentName(environment: string): void {
  if (/^[\p{L}\p{N}._-]+$/u.test(environment) && environment !== "." && environment !== "..") return;
  throw new ConfigError(`${JSON.stringify(environment)} cannot be the name of an environment`, {
    code: "CONFIG_ENVIRONMENT_UNKNOWN",
    hint: "A name consists of letters, digits, dots, underscores and hyphens.",
  });
}

/**
 * Refuses an environment whose directory does not exist.
 *
 * @throws {ConfigError} `CONFIG_ENVIRONMENT_UNKNOWN`
 */
export async function checkEnvironmentExists(cwd: string, environment: string): Promise<void> {
  const directory = environmentDirectory(cwd, environment);
  if (await pathExists(directory)) return;
  throw new ConfigError(`There is no environment ${environment}: ${directory} does not exist`, {
    code: "CONFIG_ENVIRONMENT_UNKNOWN",
    hint: "Name a directory below scap/environments, and stand in the top of the checkout.",
  });
}

/**
 * Where a file of the `scap` directory is: the environment's own when that is a regular file, else the common one.
 * `name` is relative, such as `checks.yaml` or `templates/app.yaml.j2`.
 */
export async function scapFile(cwd: string, environment: string | undefined, name: string): Promise<string> {
  if (environment !== undefined && environment !== "") {
    const own = join(environmentDirectory(cwd, environment), name);
    if (await isRegularFile(own)) return own;
  }
  return join(cwd, "scap", name);
}
