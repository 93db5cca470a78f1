import { randomBytes } from "node:crypto";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import {
  checkoutRevision,
  configureRepository,
  dateIndex,
  EXACT_SETTINGS,
  initRepository,
  objectFormatOf,
  requireGitVersion,
  writeReference,
} from "@scap/git";

import { pathKind, replaceLink } from "../links.ts";
import { COMPLETE_MARKER, readRevisionLinks } from "../revisions/revisions.ts";
import { removeTree } from "../remove-tree.ts";
import { serverUrl } from "../sources/server-url.ts";
import { linkShared } from "../revisions/shared-directories.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { isComplete } from "../revisions/verify-revision.ts";
import { updateSubmodules } from "../sources/submodule-checkouts.ts";
import { lfsUrlOf, pullLargeFiles } from "../sources/large-files.ts";

/** Stage `fetch`: the revision's directory, complete or not there at all. */
export async function fetchStage(context: StageContext): Promise<StageOutcome> {
  const { info, logger, paths } = context;
  const directory = paths.rev(info.commit);
  await mkdir(paths.revs, { recursive: true });
  const isPresent = await isComplete(context, directory);
  if (isPresent && !context.force) {
    logger.info("Revision directory already exists (use --force to override)");
    await linkShared(context, directory);
    await markInProgress(context);
    return { noop: true };
  }
  await requireGitVersion({ signal: context.signal });
  if (info.git_server) logger.info("Fetch from: %s", { args: [`${serverUrl(info, paths.repo)}/.git`] });
  await context.obtainRevision(context.signal);
  await configureCache(context);
  if (isPresent || (await isLive(context, directory))) await mend(context, directory);
  else await build(context, directory);
  await markInProgress(context);
  return { noop: false };
}

/** What is live is mended where it is: moving it aside would take it from its users. */
async function isLive({ paths }: StageContext, directory: string): Promise<boolean> {
  const { currentDirectory, finalDirectory } = await readRevisionLinks(paths);
  return directory === currentDirectory || directory === finalDirectory;
}

/** Whoever made it, its files are to be what was committed. */
async function mend(context: StageContext, directory: string): Promise<void> {
  await configureRepository(join(directory, ".git"), EXACT_SETTINGS);
  await fill(context, directory);
}

/** Builds beside the final place and renames, so that a directory with a revision's name is always complete. */
async function build(context: StageContext, directory: string): Promise<void> {
  const { info, paths } = context;
  const lfsUrl = lfsUrlOf(info);
  const suffix = randomBytes(6).toString("hex");
  const temporary = join(paths.revs, `.new-${info.commit.slice(0, 12)}-${suffix}`);
  try {
    // Not a directory of its owner alone, as mkdtemp makes: services of other users read what is in it.
    await mkdir(temporary);
    await initRepository(temporary, {
      head: info.commit,
      alternate: join(paths.cacheGit, "objects"),
      origin: paths.cache,
      objectFormat: objectFormatOf(info.commit),
      ...(lfsUrl === undefined ? {} : { lfsUrl }),
    });
    await copyShallow(paths.cacheGit, join(temporary, ".git"));
    await fill(context, temporary);
    await dateIndex(temporary);
    await context.assertHeld();
    await moveAside(directory);
    await rename(temporary, directory);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  await removeAside(directory);
}

/** A cache that Python Scap or an older deployment made gets the settings that ours have. */
async function configureCache({ info, paths }: StageContext): Promise<void> {
  await configureRepository(paths.cacheGit, {
    ...EXACT_SETTINGS,
    // Revisions share the cache's objects, which a clean-up by git would take from them.
    "gc.auto": "0",
    "gc.pruneExpire": "never",
    "lfs.url": lfsUrlOf(info) ?? null,
  });
}

/** Git must know where the history of a shallow repository ends, or it misses the commits before. */
async function copyShallow(from: string, to: string): Promise<void> {
  await copyFile(join(from, "shallow"), join(to, "shallow")).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
  });
}

async function fill(context: StageContext, directory: string): Promise<void> {
  const { info, paths, signal } = context;
  await rm(join(directory, ".git", COMPLETE_MARKER), { force: true });
  // We hold the lock of this repository, so a lock file here is from a git that was killed.
  await rm(join(directory, ".git", "index.lock"), { force: true });
  await checkoutRevision(directory, info.commit, { signal });
  if (info.git_submodules === true) await updateSubmodules(context, directory);
  await linkShared(context, directory);
  await pullLargeFiles(context, directory);
  await writeReference(paths.cacheGit, `refs/scap/revs/${info.commit}`, info.commit);
  await writeFile(join(directory, ".git", COMPLETE_MARKER), `${info.tag}\n`);
}

async function moveAside(directory: string): Promise<void> {
  if ((await pathKind(directory)) === "missing") return;
  await removeTree(asideOf(directory));
  await rename(directory, asideOf(directory));
}

async function removeAside(directory: string): Promise<void> {
  await removeTree(asideOf(directory));
}

function asideOf(directory: string): string {
  return `${directory}.incomplete`;
}

async function markInProgress({ info, paths }: StageContext): Promise<void> {
  await replaceLink(paths.inProgress, paths.rev(info.commit));
}
