import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { deleteReferences, GitError, joinPacks, readReferences } from "@scap/git";
import type { Logger } from "@scap/log";

import { temporaryLink } from "../links.ts";
import { findModules, REVISION_REFERENCES } from "../sources/pack-bases.ts";
import type { TargetPaths } from "../target-paths.ts";

/** What {@link tidyCache} needs. */
export interface TidyCacheOptions {
  readonly paths: TargetPaths;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Keeps the cache from growing with every deployment: forgets revisions whose directories are gone, joins small packs. What
 * cannot be done is a warning.
 */
export async function tidyCache({ logger, paths, signal }: TidyCacheOptions): Promise<void> {
  try {
    const revisions = await readdir(paths.revs);
    await keepReferences(paths.cacheGit, new Set(revisions));
    await joinPacks(paths.cacheGit, { signal });
    for (const modulePath of await findModules(paths.cacheGit, "modules")) {
      const gitDirectory = join(paths.cacheGit, modulePath);
      const heads = revisions.map(async (name) => await headOf(join(paths.rev(name), ".git", modulePath)));
      await keepReferences(gitDirectory, new Set(await Promise.all(heads)));
      await joinPacks(gitDirectory, { signal });
    }
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    logger.warning("Could not tidy up %s: %s", { args: [paths.cache, cause.message] });
  }
}

/** Removes what a killed worker had begun to receive or to write. Call with the seat held. */
export async function removeHalfWritten(paths: TargetPaths): Promise<void> {
  const modules = await findModules(paths.cacheGit, "modules");
  const packs = ["", ...modules].map((path) => join(paths.cacheGit, path, "objects", "pack"));
  for (const directory of packs) await removeNames(directory, /^tmp_scap_/);
  const { current, done, final, inProgress } = paths;
  for (const link of [current, done, final, inProgress]) await rm(temporaryLink(link), { force: true });
  for (const directory of [paths.root, paths.state]) await removeNames(directory, /^\..*\.\d+\.scap-new$/);
}

async function removeNames(directory: string, pattern: RegExp): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => pattern.test(each)))
    await rm(join(directory, name), { force: true });
}

async function keepReferences(gitDirectory: string, commits: ReadonlySet<string>): Promise<void> {
  const references = [...(await readReferences(gitDirectory, REVISION_REFERENCES)).keys()];
  const doomed = references.filter((name) => !commits.has(name.slice(REVISION_REFERENCES.length + 1)));
  if (doomed.length > 0) await deleteReferences(gitDirectory, doomed);
}

/** A checkout of ours names its commit and no branch. */
async function headOf(gitDirectory: string): Promise<string> {
  return (await readFile(join(gitDirectory, "HEAD"), "utf8").catch(() => "")).trim();
}
