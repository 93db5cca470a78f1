import { readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import {
  discardConfigLinks,
  placeConfigLinks,
  planConfigLinks,
  removeConfigLinks,
  stageConfigLinks,
} from "../config/config-links.ts";
import { pathKind, replaceLink } from "../links.ts";
import { noteBackups, noteOrigin } from "./origin.ts";
import { detachedHead, PROMOTED_MARKER, promotionTimes, readRevisionLinks } from "./revisions.ts";
import { switchJournal, unsettledNote } from "../state-notes.ts";
import type { TargetPaths } from "../target-paths.ts";
import { incompleteRevision } from "./verify-revision.ts";

/** What a switch needs besides the revision. */
export interface SwitchOptions {
  readonly paths: TargetPaths;
  readonly now: Date;
  /** Throws when a newer run has taken over. */
  readonly assertHeld: () => Promise<void>;
}

/** A switch that goes on with, or takes back, one that was interrupted. */
export interface ResumedSwitch {
  /** Directory of the revision that links may be left of. */
  readonly from: string | null;
  /** Time in the names of what the interrupted switch moved away. */
  readonly stamp: string;
}

/**
 * Makes a revision live: code and configuration. The rename of the final path is the moment at which both change.
 *
 * @param directory - of the revision
 * @throws TargetWorkError `INCOMPLETE_REVISION` when it is not there completely; nothing is changed then
 */
export async function switchRevision(
  directory: string,
  options: SwitchOptions,
  resumed?: ResumedSwitch,
): Promise<void> {
  const { now, paths } = options;
  await requireRevision(directory);
  const { from, stamp } = resumed ?? { from: await liveDirectory(paths), stamp: timestamp(now) };
  const plan = await planConfigLinks(paths, directory, from);
  const links = [...plan.before, ...plan.after];
  await options.assertHeld();
  const staged = links.map(({ path }) => path);
  await switchJournal(paths).write({ to: basename(directory), from: from && basename(from), stamp, staged });
  await unsettledNote(paths).write({ revision: basename(directory) });
  await noteOrigin(paths, stamp);
  const backups = await stageConfigLinks(links, stamp);
  try {
    await noteBackups(paths, backups);
    await placeConfigLinks(plan.before);
    await replaceLink(paths.current, directory);
    await setFinalPath(paths, directory, stamp);
  } catch (error) {
    await discardConfigLinks(plan.after, backups);
    throw error;
  }
  await placeConfigLinks(plan.after);
  await removeConfigLinks(plan.obsolete);
  await markPromoted(paths, directory, now);
  await switchJournal(paths).clear();
}

/** UTC time as Python Scap appends it to what it moves away: ISO 8601 with microseconds, no zone. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/Z$/, "000");
}

/** Going back must not fail for a missing file: what is left may be worse. A promotion has looked closer before. */
async function requireRevision(directory: string): Promise<void> {
  if ((await detachedHead(directory)) !== basename(directory)) throw incompleteRevision(directory);
}

async function liveDirectory(paths: TargetPaths): Promise<string | null> {
  const { currentDirectory, finalDirectory } = await readRevisionLinks(paths);
  return finalDirectory ?? currentDirectory;
}

/** A real file or directory cannot be exchanged for a link in one step, so for an instant nothing is there. */
async function setFinalPath(paths: TargetPaths, directory: string, stamp: string): Promise<void> {
  const kind = await pathKind(paths.final);
  if (kind !== "missing" && kind !== "link") await rename(paths.final, `${paths.final}.${stamp}`);
  await replaceLink(paths.final, directory);
}

/** A clock that was set back must not make this revision look older than those that it comes after. */
async function markPromoted(paths: TargetPaths, directory: string, now: Date): Promise<void> {
  const others = (await readdir(paths.revs)).filter((name) => name !== basename(directory));
  const lastMs = Math.max(0, ...Object.values(await promotionTimes(paths, others)));
  const at = new Date(Math.max(now.getTime(), lastMs + 1));
  const marker = join(directory, ".git", PROMOTED_MARKER);
  await rm(marker, { force: true });
  await writeFile(marker, "");
  await utimes(marker, at, at);
}
