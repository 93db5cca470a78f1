import { basename } from "node:path";

import { leaseNote } from "../guards/lease.ts";
import { promotionTimes, readRevisionLinks, type RevisionLinks } from "../revisions/revisions.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { unsettledNote } from "../state-notes.ts";
import { switchRevision } from "../revisions/switch-revision.ts";
import { writeVerdict } from "../revisions/verdicts.ts";
import { requireComplete } from "../revisions/verify-revision.ts";

/** Stage `promote`: the fetched revision goes live; its services are handled next. */
export async function promoteStage(context: StageContext): Promise<StageOutcome> {
  const { assertHeld, force, info, logger, paths } = context;
  const directory = paths.rev(info.commit);
  const links = await readRevisionLinks(paths);
  const isLive = links.currentDirectory === directory && links.finalDirectory === directory;
  const isUnfinished = links.done !== info.commit;
  if (isUnfinished) await context.startLease?.();
  if (isLive && !force && !(await isUnsettled(context))) {
    if (context.startLease === undefined) await leaseNote(paths).clear();
    logger.info("%s is already live (use --force to override)", { args: [directory] });
    return { noop: true, isUnfinished };
  }
  await requireComplete(context, directory);
  logger.info("Promoting %s", { args: [directory] });
  const isOlder = await wasLiveBefore(context, links);
  context.guardUnit?.();
  // Going back cannot wait for a load balancer.
  await context.drain?.({ mayFail: context.leaving !== undefined });
  await switchRevision(directory, { paths, assertHeld, now: new Date() });
  if (context.startLease === undefined) await leaseNote(paths).clear();
  if (isOlder) await judgeFormer(context, links);
  return { noop: false, next: ["handle_service"] };
}

/** Whether an earlier promotion of this revision ended before its services and checks. */
async function isUnsettled({ info, paths }: StageContext): Promise<boolean> {
  return (await unsettledNote(paths).read())?.revision === info.commit;
}

/** Whether this goes back in time: who goes forward again thinks no worse of what was live in between. */
async function wasLiveBefore({ info, paths }: StageContext, { current }: RevisionLinks): Promise<boolean> {
  const former = current ?? "";
  const times = await promotionTimes(paths, [info.commit, former]);
  return (times[info.commit] ?? 0) < (times[former] ?? 0);
}

async function judgeFormer({ info, leaving, paths }: StageContext, before: RevisionLinks): Promise<void> {
  const { currentDirectory } = before;
  if (leaving === undefined || currentDirectory === null) return;
  const former = basename(currentDirectory);
  if (former !== info.commit) await writeVerdict(paths, former, leaving);
}
