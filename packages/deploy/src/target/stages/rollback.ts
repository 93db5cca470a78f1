import { removeLink } from "../links.ts";
import { removeOldRevisions } from "../old-revisions.ts";
import { readRevisionLinks } from "../revisions.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { originNote } from "../state-notes.ts";
import { restoreOrigin, switchRevision } from "../switch-revision.ts";
import { TargetWorkError } from "../target-error.ts";

/** Python Scap's status for it, which callers know. */
const NOTHING_TO_ROLL_BACK = 70;

/** Stage `rollback`: back to the done revision, or to what was here before the first deployment. */
export async function rollbackStage(context: StageContext): Promise<StageOutcome> {
  const { assertHeld, force, info, logger, paths } = context;
  const links = await readRevisionLinks(paths);
  const options = { paths, assertHeld, now: new Date() };
  if (links.doneDirectory === null) return await undoFirst(context, links.current !== null);
  logger.info("Rolling back from revision %s to %s", {
    args: [links.inProgress ?? "None", links.done ?? ""],
  });
  const isLive =
    links.currentDirectory === links.doneDirectory && links.finalDirectory === links.doneDirectory;
  const mustSwitch = !isLive || force;
  if (mustSwitch) await switchRevision(links.doneDirectory, options);
  else logger.info("%s is already live (use --force to override)", { args: [links.doneDirectory] });
  await removeLink(paths.inProgress);
  await removeOldRevisions({ paths, keep: info.cache_revs, logger });
  return mustSwitch ? { noop: false, next: ["handle_service"] } : { noop: true };
}

async function undoFirst(context: StageContext, isPromoted: boolean): Promise<StageOutcome> {
  const { assertHeld, logger, paths } = context;
  const origin = await originNote(paths).read();
  if (origin === undefined || !isPromoted) {
    throw new TargetWorkError("There is no revision to roll back to on this host: none was ever finalized", {
      code: "NOTHING_TO_ROLL_BACK",
      exitCode: NOTHING_TO_ROLL_BACK,
      hint: "What is live, if anything, was not changed.",
    });
  }
  await restoreOrigin(origin, { paths, assertHeld, now: new Date() });
  await removeLink(paths.inProgress);
  logger.info("This was the first deployment: %s is again what it was before it", { args: [paths.final] });
  return { noop: false };
}
