import { readdir, realpath, rename, stat } from "node:fs/promises";
import { basename, join } from "node:path";

import { deleteReferences, deployTagsToDelete, readReferences } from "@scap/git";
import type { Logger } from "@scap/log";

import { linkedConfigFiles } from "../config/config-files.ts";
import { resolvedLink } from "../links.ts";
import { removeTree } from "../remove-tree.ts";
import { PROMOTED_MARKER } from "./revisions.ts";
import type { TargetPaths } from "../target-paths.ts";
import { readVerdicts, type RevisionVerdicts } from "./verdicts.ts";

/** Revision directories kept when the configuration says nothing. */
const DEFAULT_CACHE_REVS = 5;

/** Deploy tags kept in the cache. */
const TAGS_KEPT = 20;

/** What {@link removeOldRevisions} needs. */
export interface RemoveOldRevisionsOptions {
  readonly paths: TargetPaths;
  /** How many of the newest stay, and how many of the newest good ones. @defaultValue 5 */
  readonly keep?: number | undefined;
  readonly logger: Logger;
}

/**
 * Deletes old revision directories. There stay: the newest `keep` without those that failed, the newest `keep` that are
 * known to be good, however many others came after them, the newest one that failed, to look into, and whatever any
 * link of ours resolves to. What cannot be deleted is a warning. The newest is the one promoted last, or else changed last.
 */
export async function removeOldRevisions(options: RemoveOldRevisionsOptions): Promise<void> {
  const { keep = DEFAULT_CACHE_REVS, logger, paths } = options;
  const directories = await newestFirst(paths);
  const wanted = wantedRevisions(directories, await readVerdicts(paths), Math.max(0, keep));
  const doomed: string[] = [];
  for (const directory of directories) {
    if (!wanted.has(directory) && !(await isInUse(paths, directory))) doomed.push(directory);
  }
  for (const directory of doomed) await removeRevision(paths, directory, logger);
  await removeOldTags(paths);
}

function wantedRevisions(inOrder: readonly string[], verdicts: RevisionVerdicts, keep: number): Set<string> {
  const verdictOn = (directory: string): string => verdicts[basename(directory)]?.verdict ?? "unknown";
  const good = inOrder.filter((directory) => verdictOn(directory) === "good");
  const bad = inOrder.filter((directory) => verdictOn(directory) === "bad");
  const others = inOrder.filter((directory) => verdictOn(directory) !== "bad");
  return new Set([...others.slice(0, keep), ...good.slice(0, keep), ...bad.slice(0, Math.min(1, keep))]);
}

/** Every deployment brings a tag; nobody reads the old ones here. Foreign tags stay. */
async function removeOldTags({ cacheGit }: TargetPaths): Promise<void> {
  const references = [...(await readReferences(cacheGit, "refs/tags/scap/sync")).keys()];
  const names = references.map((name) => name.slice("refs/tags/".length));
  const doomed = deployTagsToDelete(names, TAGS_KEPT, new Date());
  if (doomed.length > 0)
    await deleteReferences(
      cacheGit,
      doomed.map((name) => `refs/tags/${name}`),
    );
}

async function newestFirst(paths: TargetPaths): Promise<string[]> {
  const entries = await readdir(paths.revs, { withFileTypes: true }).catch(() => []);
  const dated = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(async ({ name }) => ({ directory: paths.rev(name), atMs: await lastUse(paths.rev(name)) })),
  );
  return dated.toSorted((a, b) => b.atMs - a.atMs).map(({ directory }) => directory);
}

async function lastUse(directory: string): Promise<number> {
  const promoted = await stat(join(directory, ".git", PROMOTED_MARKER)).catch(() => undefined);
  return promoted?.mtimeMs ?? (await stat(directory)).ctimeMs;
}

async function isInUse(paths: TargetPaths, directory: string): Promise<boolean> {
  const real = await realpath(directory);
  const links = [paths.current, paths.done, paths.inProgress, paths.final];
  const resolved = await Promise.all(links.map(async (link) => await resolvedLink(link)));
  if (resolved.some((place) => isWithin(place, real))) return true;
  for (const path of await linkedConfigFiles(directory)) {
    const target = await realpath(path).catch(() => null);
    if (isWithin(target, real)) return true;
  }
  return false;
}

/** A link may also lead to something in a revision. */
function isWithin(place: string | null, directory: string): boolean {
  return place === directory || place?.startsWith(`${directory}/`) === true;
}

async function removeRevision(paths: TargetPaths, directory: string, logger: Logger): Promise<void> {
  const name = directory.slice(paths.revs.length + 1);
  const trash = join(paths.revs, `.old-${name}`);
  try {
    logger.info("Removing old revision %s", { args: [directory] });
    await removeTree(trash);
    await rename(directory, trash);
    await removeTree(trash);
    await deleteReferences(paths.cacheGit, [`refs/scap/revs/${name}`]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    logger.warning("Could not remove old revision %s: %s", { args: [directory, reason] });
  }
}
