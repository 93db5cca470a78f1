import { rename, rm, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import {
  discardConfigLinks,
  placeConfigLinks,
  planConfigLinks,
  removeConfigLinks,
  stageConfigLinks,
} from "../config/config-links.ts";
import { linkText, pathKind, placeLink, removeLink, replaceLink } from "../links.ts";
import { detachedHead, PROMOTED_MARKER, readRevisionLinks } from "./revisions.ts";
import { originNote, switchJournal, unsettledNote, type OriginNote } from "../state-notes.ts";
import type { TargetPaths } from "../target-paths.ts";
import { incompleteRevision } from "./verify-revision.ts";

/** What a switch needs besides the revision. */
export interface SwitchOptions {
  readonly paths: TargetPaths;
  readonly now: Date;
  /** Throws when a newer run has taken over. */
  readonly assertHeld: () => Promise<void>;
}

/**
 * Makes a revision live: code and configuration. The rename of the final path is the moment at which both change.
 *
 * @param directory - of the revision
 * @throws TargetWorkError `INCOMPLETE_REVISION` when it is not there completely; nothing is changed then
 */
export async function switchRevision(directory: string, options: SwitchOptions): Promise<void> {
  const { now, paths } = options;
  await requireRevision(directory);
  const live = await readRevisionLinks(paths);
  const from = live.finalDirectory ?? live.currentDirectory;
  const plan = await planConfigLinks(paths, directory, from);
  const stamp = timestamp(now);
  await options.assertHeld();
  await switchJournal(paths).write({ to: basename(directory), from: from && basename(from) });
  await unsettledNote(paths).write({ revision: basename(directory) });
  await noteOrigin(paths, stamp);
  const backups = await stageConfigLinks([...plan.before, ...plan.after], stamp);
  try {
    await placeConfigLinks(plan.before);
    await replaceLink(paths.current, directory);
    await setFinalPath(paths, directory, stamp);
  } catch (error) {
    await discardConfigLinks(plan.after, backups);
    throw error;
  }
  await placeConfigLinks(plan.after);
  await removeConfigLinks(plan.obsolete);
  await noteBackups(paths, backups);
  await markPromoted(directory, now);
  await switchJournal(paths).clear();
}

/**
 * Takes the code away again after a first deployment that failed: what stood at the final path and at the places of
 * config files before comes back.
 */
export async function restoreOrigin(origin: OriginNote, options: SwitchOptions): Promise<void> {
  const { paths } = options;
  const links = await readRevisionLinks(paths);
  const plan = await planConfigLinks(paths, null, links.finalDirectory ?? links.currentDirectory);
  await options.assertHeld();
  await switchJournal(paths).write({ to: null, from: links.current });
  for (const [path, backup] of Object.entries(origin.configBackups)) await rename(backup, path);
  await removeConfigLinks(plan.obsolete.filter((path) => !(path in origin.configBackups)));
  if (origin.final.kind === "link") await placeLink(paths.final, origin.final.text);
  else await removeLink(paths.final);
  if (origin.final.kind === "backup") await rename(origin.final.path, paths.final);
  await removeLink(paths.current);
  await originNote(paths).clear();
  await unsettledNote(paths).clear();
  await switchJournal(paths).clear();
}

/** Finishes or takes back a switch that a crash interrupted. Call with the lock held, before anything else. */
export async function repairSwitch(options: SwitchOptions): Promise<void> {
  const { paths } = options;
  const journal = await switchJournal(paths).read();
  if (journal === undefined) return;
  const origin = await originNote(paths).read();
  if (journal.to === null) {
    if (origin !== undefined) await restoreOrigin(origin, options);
    else await switchJournal(paths).clear();
    return;
  }
  const links = await readRevisionLinks(paths);
  const isSwitched = links.finalDirectory === paths.rev(journal.to);
  const target = isSwitched ? journal.to : journal.from;
  if (target !== null && (await detachedHead(paths.rev(target))) !== null) {
    await switchRevision(paths.rev(target), options);
  } else if (origin !== undefined) {
    await restoreOrigin(origin, options);
  } else {
    await switchJournal(paths).clear();
  }
}

/** UTC time as Python Scap appends it to what it moves away: ISO 8601 with microseconds, no zone. */
export function timestamp(now: Date): string {
  return now.toISOString().replace(/Z$/, "000");
}

/** Going back must not fail for a missing file: what is left may be worse. A promotion has looked closer before. */
async function requireRevision(directory: string): Promise<void> {
  if ((await detachedHead(directory)) !== basename(directory)) throw incompleteRevision(directory);
}

/** Only a host that never finalized has nothing of ours to go back to; a link that dangles tells of a revision, too. */
async function noteOrigin(paths: TargetPaths, stamp: string): Promise<void> {
  if ((await linkText(paths.done)) !== null || (await originNote(paths).read()) !== undefined) return;
  const text = await linkText(paths.final);
  const isForeignLink = text !== null && !text.startsWith(`${basename(paths.root)}/`);
  const kind = await pathKind(paths.final);
  const final: OriginNote["final"] = isForeignLink
    ? { kind: "link", text }
    : kind === "missing" || kind === "link"
      ? { kind: "missing" }
      : { kind: "backup", path: `${paths.final}.${stamp}` };
  await originNote(paths).write({ final, configBackups: {} });
}

/** A real file or directory cannot be exchanged for a link in one step, so for an instant nothing is there. */
async function setFinalPath(paths: TargetPaths, directory: string, stamp: string): Promise<void> {
  const kind = await pathKind(paths.final);
  if (kind !== "missing" && kind !== "link") await rename(paths.final, `${paths.final}.${stamp}`);
  await replaceLink(paths.final, directory);
}

async function noteBackups(paths: TargetPaths, backups: ReadonlyMap<string, string>): Promise<void> {
  const origin = await originNote(paths).read();
  if (backups.size === 0 || origin === undefined) return;
  const configBackups = { ...origin.configBackups, ...Object.fromEntries(backups) };
  await originNote(paths).write({ ...origin, configBackups });
}

async function markPromoted(directory: string, now: Date): Promise<void> {
  const marker = join(directory, ".git", PROMOTED_MARKER);
  await rm(marker, { force: true });
  await writeFile(marker, "");
  await utimes(marker, now, now);
}
