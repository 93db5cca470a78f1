import { readRevisionLinks } from "../revisions.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { switchRevision } from "../switch-revision.ts";

/** Stage `promote`: the fetched revision goes live; its services are handled next. */
export async function promoteStage(context: StageContext): Promise<StageOutcome> {
  const { assertHeld, force, info, logger, paths } = context;
  const directory = paths.rev(info.commit);
  const links = await readRevisionLinks(paths);
  const isLive = links.currentDirectory === directory && links.finalDirectory === directory;
  if (isLive && !force) {
    logger.info("%s is already live (use --force to override)", { args: [directory] });
    return { noop: true };
  }
  logger.info("Promoting %s", { args: [directory] });
  await switchRevision(directory, { paths, assertHeld, now: new Date() });
  return { noop: false, next: ["handle_service"] };
}
