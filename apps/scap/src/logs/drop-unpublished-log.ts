import { rm, stat } from "node:fs/promises";
import type { Repository } from "@scap/git";

/** What {@link dropUnpublishedLog} looks at. */
export interface DropUnpublishedLogOptions {
  readonly logFile: string;
  readonly repository: Pick<Repository, "tags">;
  /** Tag that the log is named after; null for a run that makes none. */
  readonly tag: string | null;
}

/**
 * Removes the log of a deployment that failed, if it tells of none: the tag that it is named after could not be made, so
 * the next deployment gets both names; or nothing could be written into it. Call when it is closed.
 */
export async function dropUnpublishedLog({
  logFile,
  repository,
  tag,
}: DropUnpublishedLogOptions): Promise<void> {
  const found = await stat(logFile).catch(() => undefined);
  if (found === undefined) return;
  // Where git cannot tell, the log stays.
  const tags = tag === null ? undefined : await repository.tags().catch(() => undefined);
  const isUnpublished = tag !== null && tags !== undefined && !tags.includes(tag);
  if (isUnpublished || found.size === 0) await rm(logFile, { force: true });
}
