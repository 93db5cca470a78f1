import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { GitError, readReferences } from "@scap/git";

import { pathExists } from "../path-exists.ts";
import type { TargetPaths } from "../target-paths.ts";

/** References that keep the objects of deployed revisions and tell which commits are here with their history. */
export const REVISION_REFERENCES = "refs/scap/revs";

/** Commits that a pack for the cache may build on; none when the cache was found damaged. */
export async function packBases(paths: TargetPaths, complete: readonly string[]): Promise<string[]> {
  if (await isDamaged(paths)) return [];
  const references = await readReferences(paths.cacheGit, REVISION_REFERENCES);
  return [...new Set([...references.values(), ...complete])];
}

/** The same for submodules, by their path below the git directory (`modules/<name>`). */
export async function submoduleBases(paths: TargetPaths): Promise<Record<string, readonly string[]>> {
  const bases: Record<string, readonly string[]> = {};
  if (await isDamaged(paths)) return bases;
  for (const modulePath of await findModules(paths.cacheGit, "modules")) {
    const references = await readReferences(join(paths.cacheGit, modulePath), REVISION_REFERENCES);
    bases[modulePath] = [...new Set(references.values())];
  }
  return bases;
}

/** Waits for work that finds out whether objects are missing; if they are, the next pack brings everything. */
export async function notingDamage<T>(paths: TargetPaths, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const isDamage = cause instanceof GitError && cause.code === "OBJECTS_MISSING";
    if (isDamage) await writeFile(join(paths.state, "damaged"), "");
    throw cause;
  }
}

/** A complete pack has come in. */
export async function clearDamaged(paths: TargetPaths): Promise<void> {
  await rm(join(paths.state, "damaged"), { force: true });
}

async function isDamaged(paths: TargetPaths): Promise<boolean> {
  return await pathExists(join(paths.state, "damaged"));
}

/**
 * Git directories of submodules, as paths below `gitDirectory`. Submodule names may contain slashes, and submodules may have
 * submodules.
 */
export async function findModules(gitDirectory: string, below: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(join(gitDirectory, below), { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory())) {
    const path = join(below, entry.name);
    const isRepository = await pathExists(join(gitDirectory, path, "HEAD"));
    if (isRepository) found.push(path);
    found.push(...(await findModules(gitDirectory, isRepository ? join(path, "modules") : path)));
  }
  return found;
}
