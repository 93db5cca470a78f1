import { basename } from "node:path";

import { leaseNote } from "../guards/lease.ts";
import { linkText, removeLink } from "../links.ts";
import { removeOldRevisions } from "../revisions/old-revisions.ts";
import { readRevisionLinks, type RevisionLinks } from "../revisions/revisions.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { originNote, unsettledNote } from "../state-notes.ts";
import { restoreOrigin } from "../revisions/origin.ts";
import { switchRevision } from "../revisions/switch-revision.ts";
import { TargetWorkError } from "../target-error.ts";
import { tidyCache } from "../revisions/tidy-cache.ts";
import { readVerdicts, writeVerdict } from "../revisions/verdicts.ts";

/** Python Scap's status for it, which callers know. */
const NOTHING_TO_ROLL_BACK = 70;

/** Stage `rollback`: back to the done revision, or to what was here before the first deployment. */
export async function rollbackStage(context: StageContext): Promise<StageOutcome> {
  const { assertHeld, force, info, logger, paths } = context;
  const links = await readRevisionLinks(paths);
  if (links.doneDirectory === null) return await undoFirst(context, links);
  logger.info("Rolling back from revision %s to %s", {
    args: [links.inProgress ?? "None", links.done ?? ""],
  });
  const isLive =
    links.currentDirectory === links.doneDirectory && links.finalDirectory === links.doneDirectory;
  const isSettled = (await unsettledNote(paths).read())?.revision !== links.done;
  const mustSwitch = !isLive || force || !isSettled;
  if (mustSwitch) {
    context.guardUnit?.();
    await context.drain?.({ mayFail: true });
    await switchRevision(links.doneDirectory, { paths, assertHeld, now: new Date() });
  } else {
    logger.info("%s is already live (use --force to override)", { args: [links.doneDirectory] });
  }
  await leaveRevision(context, links);
  await removeOldRevisions({ paths, keep: info.cache_revs, logger });
  await tidyCache(context);
  return mustSwitch ? { noop: false, next: ["handle_service"] } : { noop: true };
}

async function undoFirst(context: StageContext, links: RevisionLinks): Promise<StageOutcome> {
  const { assertHeld, info, logger, paths } = context;
  const origin = await originNote(paths).read();
  const gone = await linkText(paths.done);
  if (gone !== null) throw nothingThere(basename(gone));
  if (links.current === null && (await readVerdicts(paths))[info.commit] !== undefined) {
    logger.info("%s was taken back before: there is nothing to do", { args: [info.commit] });
    return { noop: true };
  }
  if (origin === undefined || links.current === null) {
    throw new TargetWorkError("There is no revision to roll back to on this host: none was ever finalized", {
      code: "NOTHING_TO_ROLL_BACK",
      exitCode: NOTHING_TO_ROLL_BACK,
      hint: "What is live, if anything, was not changed.",
    });
  }
  context.guardUnit?.();
  await context.drain?.({ mayFail: true });
  await restoreOrigin(origin, { paths, assertHeld, now: new Date() });
  await leaveRevision(context, links);
  logger.info("This was the first deployment: %s is again what it was before it", { args: [paths.final] });
  return { noop: false, isEmptied: origin.final.kind === "missing" };
}

function nothingThere(commit: string): TargetWorkError {
  return new TargetWorkError(`Revision ${commit}, which was finalized last, is no longer on this host`, {
    code: "NOTHING_TO_ROLL_BACK",
    exitCode: NOTHING_TO_ROLL_BACK,
    hint: "What is live was not changed. scap doctor --fix brings the revision back.",
  });
}

/** What was live, if it was another revision, is over: its verdict, its lease, its link. */
async function leaveRevision({ leaving, paths }: StageContext, before: RevisionLinks): Promise<void> {
  const { current, done } = before;
  const known = current === null ? undefined : (await readVerdicts(paths))[current];
  // What a failed check said of the revision on this very host is never made less of.
  if (current !== null && current !== done && leaving !== undefined && known?.verdict !== "bad")
    await writeVerdict(paths, current, leaving);
  await removeLink(paths.inProgress);
  await leaseNote(paths).clear();
}
