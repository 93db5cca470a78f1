import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DeployError } from "../../errors.ts";

/**
 * The `scap` directories of a checkout, the environment's first; an empty name is no environment.
 *
 * @throws DeployError when the environment's directory does not exist.
 */
export async function scapDirectories(checkout: string, environment: string | null): Promise<string[]> {
  const base = join(checkout, "scap");
  const directories = (await isDirectory(base)) ? [base] : [];
  if (environment === null || environment === "") return directories;
  const own = join(base, "environments", environment);
  if (!(await isDirectory(own))) {
    throw new DeployError(`There is no environment ${JSON.stringify(environment)}: ${own} does not exist`, {
      code: "NO_ENVIRONMENT",
    });
  }
  return [own, ...directories];
}

/** The general file of checks and that of the environment, in the order of the directories. */
export async function checkFiles(directories: readonly string[]): Promise<string[]> {
  return await filesNamed(directories, /^checks\.y.*ml$/s);
}

/**
 * The list of configuration files: that of the first directory which has one.
 *
 * @param directories - `scap` directories, the most specific first
 */
export async function findConfigFileList(directories: readonly string[]): Promise<string | undefined> {
  return (await filesNamed(directories, /^config-files\.y.*ml$/s))[0];
}

/** Files in the directories whose names match, in the order of the directories. */
export async function filesNamed(directories: readonly string[], pattern: RegExp): Promise<string[]> {
  const lists = await Promise.all(
    directories.map(async (directory) => {
      const names = await readdir(directory).catch(() => []);
      return names
        .filter((name) => pattern.test(name))
        .toSorted()
        .map((name) => join(directory, name));
    }),
  );
  return lists.flat();
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
