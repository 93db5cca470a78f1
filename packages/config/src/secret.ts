import { readFile } from "node:fs/promises";

import type { Config } from "./config.ts";
import { ConfigError } from "./errors.ts";

/**
 * The value of a secret option: the option itself, else the first line of the file that `<name>_file` names, else
 * the environment variable that `<name>_env` names. Undefined when none is configured. Nothing is read before.
 *
 * @throws {ConfigError} `CONFIG_SECRET_UNREADABLE`
 */
export async function readSecret(
  config: Config,
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const own = config.str(name);
  if (own !== undefined) return own;
  const file = config.str(`${name}_file`);
  if (file !== undefined) return await readFirstLine(file, name);
  const variable = config.str(`${name}_env`);
  if (variable === undefined) return undefined;
  const value = env[variable];
  if (value !== undefined) return value;
  throw new ConfigError(`The environment variable ${variable}, which ${name}_env names, is not set`, {
    code: "CONFIG_SECRET_UNREADABLE",
  });
}

async function readFirstLine(file: string, name: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`Cannot read the file that ${name}_file names: ${reason}`, {
      code: "CONFIG_SECRET_UNREADABLE",
      cause,
    });
  }
}
