import { rename } from "node:fs/promises";
import { basename } from "node:path";

import { planConfigLinks, removeConfigLinks } from "../config/config-links.ts";
import { linkText, pathKind, placeLink, removeLink } from "../links.ts";
import { readRevisionLinks } from "./revisions.ts";
import { originNote, switchJournal, unsettledNote, type OriginNote } from "../state-notes.ts";
import type { SwitchOptions } from "./switch-revision.ts";
import { hasErrno } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * Notes what stands at the final path before the first switch. Only a host that never finalized has nothing of ours to go
 * back to; a link that dangles tells of a revision, too.
 */
export async function noteOrigin(paths: TargetPaths, stamp: string): Promise<void> {
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

/** Notes foreign config files that are about to be replaced. */
export async function noteBackups(paths: TargetPaths, backups: ReadonlyMap<string, string>): Promise<void> {
  const origin = await originNote(paths).read();
  if (backups.size === 0 || origin === undefined) return;
  const configBackups = { ...origin.configBackups, ...Object.fromEntries(backups) };
  await originNote(paths).write({ ...origin, configBackups });
}

/**
 * Takes the code away again after a first deployment that failed: what stood at the final path and at the places of
 * config files before comes back. What an interrupted call has done already is left.
 *
 * @param left - directory of the revision that links may be left of; what is live when absent
 */
export async function restoreOrigin(
  origin: OriginNote,
  { assertHeld, paths }: SwitchOptions,
  left?: string | null,
): Promise<void> {
  const { currentDirectory, finalDirectory } = await readRevisionLinks(paths);
  const from = left ?? finalDirectory ?? currentDirectory;
  const { obsolete } = await planConfigLinks(paths, null, from);
  await assertHeld();
  await switchJournal(paths).write({ to: null, from: from && basename(from) });
  const returned = new Set<string>();
  for (const [path, backup] of Object.entries(origin.configBackups))
    if (await moveBack(backup, path)) returned.add(path);
  await removeConfigLinks(obsolete.filter((path) => !returned.has(path)));
  if (origin.final.kind === "link") await placeLink(paths.final, origin.final.text);
  else await removeLink(paths.final);
  if (origin.final.kind === "backup") await moveBack(origin.final.path, paths.final);
  await removeLink(paths.current);
  await originNote(paths).clear();
  await unsettledNote(paths).clear();
  await switchJournal(paths).clear();
}

/** What is not there was never moved away, or is back already. */
async function moveBack(backup: string, path: string): Promise<boolean> {
  try {
    await rename(backup, path);
    return true;
  } catch (cause) {
    if (hasErrno(cause) && cause.code === "ENOENT") return false;
    throw cause;
  }
}
