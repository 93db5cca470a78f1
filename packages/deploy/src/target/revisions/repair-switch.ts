import { unstageConfigLinks } from "../config/config-links.ts";
import { restoreOrigin } from "./origin.ts";
import { detachedHead, readRevisionLinks } from "./revisions.ts";
import { originNote, switchJournal, unsettledNote, type SwitchJournal } from "../state-notes.ts";
import { switchRevision, timestamp, type SwitchOptions } from "./switch-revision.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * Finishes or takes back a switch that a crash interrupted, and removes what it had prepared. Call with the lock held,
 * before anything else.
 */
export async function repairSwitch(options: SwitchOptions): Promise<void> {
  const { now, paths } = options;
  const journal = await switchJournal(paths).read();
  if (journal === undefined) return;
  await options.assertHeld();
  const { staged = [], stamp = timestamp(now) } = journal;
  await unstageConfigLinks(staged, stamp);
  const { left, target } = await directionOf(journal, paths);
  const origin = await originNote(paths).read();
  if (target !== null) await switchRevision(target, options, { from: left, stamp });
  else if (origin !== undefined) await restoreOrigin(origin, options, left);
  else {
    await unsettledNote(paths).clear();
    await switchJournal(paths).clear();
  }
}

interface Direction {
  /** Directory to become live; null for none. */
  readonly target: string | null;
  /** Directory that links may be left of. */
  readonly left: string | null;
}

/** Forward where the final path was switched, else back. */
async function directionOf({ from, to }: SwitchJournal, paths: TargetPaths): Promise<Direction> {
  const [old, next] = [from, to].map((revision) => (revision === null ? null : paths.rev(revision)));
  const { finalDirectory } = await readRevisionLinks(paths);
  const isForward = next === null || finalDirectory === next;
  const [target = null, left = null] = isForward ? [next, old] : [old, next];
  const isThere = target !== null && (await detachedHead(target)) !== null;
  return { target: isThere ? target : null, left };
}
