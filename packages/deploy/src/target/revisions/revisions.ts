import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";

import { isObjectId } from "@scap/git";

import { resolvedLink } from "../links.ts";
import { pathExists } from "../path-exists.ts";
import type { TargetPaths } from "../target-paths.ts";

/** Name of the file in a revision's git directory that says it is complete. Written last. */
export const COMPLETE_MARKER = "scap-complete";

/** Where the links of a target lead. */
export interface RevisionLinks {
  /** Revision that `current` leads to. */
  readonly current: string | null;
  readonly done: string | null;
  readonly inProgress: string | null;
  /** Directory that the final path leads to. */
  readonly finalDirectory: string | null;
  readonly currentDirectory: string | null;
  readonly doneDirectory: string | null;
}

/** Reads the links; dangling ones count as missing. */
export async function readRevisionLinks(paths: TargetPaths): Promise<RevisionLinks> {
  const [current, done, inProgress, final] = await Promise.all([
    resolvedLink(paths.current),
    resolvedLink(paths.done),
    resolvedLink(paths.inProgress),
    resolvedLink(paths.final),
  ]);
  return {
    current: current && basename(current),
    done: done && basename(done),
    inProgress: inProgress && basename(inProgress),
    finalDirectory: final,
    currentDirectory: current,
    doneDirectory: done,
  };
}

/** Whether the directory of a revision was completed by us. */
export async function hasCompleteMarker(directory: string): Promise<boolean> {
  return await pathExists(join(directory, ".git", COMPLETE_MARKER));
}

/** The commit of a detached `HEAD`, read without git; null for anything else. */
export async function detachedHead(directory: string): Promise<string | null> {
  try {
    const text = (await readFile(join(directory, ".git", "HEAD"), "utf8")).trim();
    return isObjectId(text) ? text : null;
  } catch {
    return null;
  }
}

/** Revisions that are completely present, newest directory first. */
export async function completeRevisions(paths: TargetPaths): Promise<string[]> {
  const found: { name: string; changedMs: number }[] = [];
  for (const name of await readdir(paths.revs).catch(() => [])) {
    const directory = paths.rev(name);
    if (!isObjectId(name) || !(await hasCompleteMarker(directory))) continue;
    if ((await detachedHead(directory)) !== name) continue;
    found.push({ name, changedMs: (await stat(directory)).ctimeMs });
  }
  return found.toSorted((a, b) => b.changedMs - a.changedMs).map(({ name }) => name);
}

/** Name of the file in a revision's git directory whose time is that of its last promotion. */
export const PROMOTED_MARKER = "scap-promoted";

/** When revisions went live last, in milliseconds since 1970, by revision; those that never did are missing. */
export async function promotionTimes(
  paths: TargetPaths,
  revisions: readonly string[],
): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const revision of revisions) {
    const marker = await stat(join(paths.rev(revision), ".git", PROMOTED_MARKER)).catch(() => undefined);
    if (marker !== undefined) times[revision] = Math.round(marker.mtimeMs);
  }
  return times;
}

/** A directory without symbolic links in its path; null when it does not exist. */
export async function realDirectory(path: string): Promise<string | null> {
  return await realpath(path).catch(() => null);
}
