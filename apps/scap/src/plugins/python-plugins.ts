import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Plugins that Python Scap would load for somebody who stands in `cwd`; this one cannot. */
export async function pythonPlugins(cwd: string, home: string = homedir()): Promise<string[]> {
  const directories = [join(cwd, "scap", "plugins"), join(home, ".scap", "plugins")];
  const found = await Promise.all(
    directories.map(async (directory) => {
      const names = await readdir(directory).catch(() => []);
      return names
        .filter((name) => name.endsWith(".py") && !name.startsWith("_"))
        .map((name) => join(directory, name));
    }),
  );
  return found.flat().toSorted();
}
