import type { Logger } from "@scap/log";

import { linkText, namesRevision, removeLink, replaceLink } from "../links.ts";
import { lastFinalized } from "../revisions/last-finalized.ts";
import {
  completeRevisions,
  detachedHead,
  promotionTimes,
  readRevisionLinks,
} from "../revisions/revisions.ts";
import { readVerdicts } from "../revisions/verdicts.ts";
import { originNote } from "../state-notes.ts";
import type { TargetPaths } from "../target-paths.ts";

/** What {@link restoreDone} needs. */
export interface RestoreDoneOptions {
  readonly paths: TargetPaths;
  readonly logger: Logger;
  /** Throws when a newer run has taken over. */
  readonly assertHeld: () => Promise<void>;
}

/**
 * Makes the link `.done` again where it is lost or names no revision: without it a deployment that fails would take the code away, as if it had
 * been the first one. Call with the writer's seat held, before anything is switched.
 */
export async function restoreDone({ assertHeld, logger, paths }: RestoreDoneOptions): Promise<void> {
  if (await namesRevision(paths.done)) return;
  const { current, inProgress } = await readRevisionLinks(paths);
  const times = await promotionTimes(paths, await completeRevisions(paths));
  const verdicts = await readVerdicts(paths);
  const revision = lastFinalized({
    ...{ current, inProgress },
    promoted: Object.keys(times).toSorted((a, b) => (times[b] ?? 0) - (times[a] ?? 0)),
    verdictOf: (name) => verdicts[name]?.verdict,
    isFirst: (await originNote(paths).read()) !== undefined,
  });
  await assertHeld();
  const what = await lossText(paths.done);
  if (revision === null || (await detachedHead(paths.rev(revision))) !== revision) {
    await removeLink(paths.done);
    if (what !== undefined) logger.warning("%s, and was removed", { args: [what] });
    return;
  }
  await replaceLink(paths.done, paths.rev(revision));
  logger.warning("%s: it names %s again, which was finalized last", {
    args: [what ?? "The link .done was lost", revision],
  });
}

/** Undefined where there is no link at all. */
async function lossText(link: string): Promise<string | undefined> {
  const text = await linkText(link);
  return text === null ? undefined : `The link .done led to ${text}, which is no revision`;
}
