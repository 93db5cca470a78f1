import type { Logger } from "@scap/log";

import { linkText, replaceLink } from "../links.ts";
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
 * Makes the link `.done` again where it is lost: without it a deployment that fails would take the code away, as if it had
 * been the first one. Call with the writer's seat held, before anything is switched.
 */
export async function restoreDone({ assertHeld, logger, paths }: RestoreDoneOptions): Promise<void> {
  if ((await linkText(paths.done)) !== null) return;
  const { current, inProgress } = await readRevisionLinks(paths);
  const times = await promotionTimes(paths, await completeRevisions(paths));
  const verdicts = await readVerdicts(paths);
  const revision = lastFinalized({
    ...{ current, inProgress },
    promoted: Object.keys(times).toSorted((a, b) => (times[b] ?? 0) - (times[a] ?? 0)),
    verdictOf: (name) => verdicts[name]?.verdict,
    isFirst: (await originNote(paths).read()) !== undefined,
  });
  if (revision === null || (await detachedHead(paths.rev(revision))) !== revision) return;
  await assertHeld();
  await replaceLink(paths.done, paths.rev(revision));
  logger.warning("The link .done was lost: it names %s again, which was finalized last", {
    args: [revision],
  });
}
