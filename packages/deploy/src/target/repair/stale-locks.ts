import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { findModules } from "../sources/pack-bases.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * Removes the lock files that a git which was killed left in the cache, where each would stop all later deployments. Call
 * with the seat held, before any git works: nobody else writes the cache, so whatever lock is there is from before.
 */
export async function removeStaleLocks(paths: TargetPaths): Promise<void> {
  const modules = await findModules(paths.cacheGit, "modules");
  for (const modulePath of ["", ...modules]) {
    const gitDirectory = join(paths.cacheGit, modulePath);
    const places = ["", "objects/info", "objects/pack"].map((name) => join(gitDirectory, name));
    for (const directory of places) await removeLocks(directory, { recursive: false });
    await removeLocks(join(gitDirectory, "refs"), { recursive: true });
  }
}

/** Git gives no name with this ending to anything but a lock. */
async function removeLocks(directory: string, { recursive }: { readonly recursive: boolean }): Promise<void> {
  const names = await readdir(directory, { recursive }).catch(() => []);
  for (const name of names.filter((each) => each.endsWith(".lock")))
    await rm(join(directory, name), { force: true });
}
