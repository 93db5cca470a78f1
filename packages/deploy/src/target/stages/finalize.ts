import { join } from "node:path";

import { refreshIndex } from "@scap/git";

import { leaseNote } from "../guards/lease.ts";
import { removeLink, replaceLink } from "../links.ts";
import { removeOldRevisions } from "../revisions/old-revisions.ts";
import { readRevisionLinks } from "../revisions/revisions.ts";
import { findModules } from "../sources/pack-bases.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { originNote } from "../state-notes.ts";
import { TargetWorkError } from "../target-error.ts";
import { tidyCache } from "../revisions/tidy-cache.ts";
import { writeVerdict } from "../revisions/verdicts.ts";

/** Stage `finalize`: the live revision is the one to go back to from now on, and old ones are removed. */
export async function finalizeStage(context: StageContext): Promise<StageOutcome> {
  const { assertHeld, info, logger, paths, signal } = context;
  const directory = paths.rev(info.commit);
  const links = await readRevisionLinks(paths);
  if (links.currentDirectory !== directory) {
    throw new TargetWorkError(
      `Revision ${info.commit} is not live on this host, so it cannot be marked as done (live: ${links.current ?? "none"})`,
      { code: "NOT_PROMOTED", hint: "Run the stage promote first." },
    );
  }
  await assertHeld();
  const isNew = await replaceLink(paths.done, directory);
  await removeLink(paths.inProgress);
  await writeVerdict(paths, info.commit, { verdict: "good" });
  await leaseNote(paths).clear();
  await originNote(paths).clear();
  await removeOldRevisions({ paths, keep: info.cache_revs, logger });
  await tidyCache(context);
  if (isNew) await refreshIndexes(directory, signal);
  return { noop: !isNew };
}

/**
 * The checkout was a while ago: from now on scap status need not read the files that were written in its last second.
 * Submodules are found by their git directories, which know where their files are.
 */
async function refreshIndexes(directory: string, signal: AbortSignal): Promise<void> {
  const gitDirectory = join(directory, ".git");
  const modules = await findModules(gitDirectory, "modules");
  for (const path of modules) await refreshIndex(join(gitDirectory, path), { signal });
  await refreshIndex(directory, { signal });
}
