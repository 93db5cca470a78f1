import { join } from "node:path";

import { runGit } from "./run-git.ts";

/**
 * Brings settings of a repository to the wanted values, whoever made it; `null` removes one. What is right already is not
 * written.
 */
export async function configureRepository(
  gitDirectory: string,
  settings: Readonly<Record<string, string | null>>,
): Promise<void> {
  const file = ["config", "--file", join(gitDirectory, "config")];
  const { stdout } = await runGit([...file, "-z", "--list"]);
  const present = new Map(
    stdout.split("\0").map((item): [string, string] => {
      const [name = "", value = ""] = item.split(/\n(.*)/s);
      return [name, value];
    }),
  );
  for (const [name, value] of Object.entries(settings)) {
    // Git lists names of settings in lower case.
    const old = present.get(name.toLowerCase()) ?? null;
    if (old === value) continue;
    if (value === null) await runGit([...file, "--unset-all", name], { acceptStatus: [5] });
    else await runGit([...file, "--replace-all", name, value]);
  }
}
