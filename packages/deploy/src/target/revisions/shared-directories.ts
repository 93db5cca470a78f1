import { mkdir, rmdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { parseSharedPaths } from "../../shared-paths.ts";
import { excludeFromStatus } from "../sources/git-exclude.ts";
import { pathKind, placeLink } from "../links.ts";
import type { StageContext } from "../stage-context.ts";
import { hasErrno, TargetWorkError } from "../target-error.ts";

/**
 * Links the directories that outlive revisions into one: `shared/<path>` beside the revisions, made when it is not there.
 *
 * @param directory - of the revision; it may still have another name
 * @throws TargetWorkError `SHARED_TAKEN` when something else is at the place
 */
export async function linkShared(
  { info, paths }: Pick<StageContext, "info" | "paths">,
  directory: string,
): Promise<void> {
  const shared = parseSharedPaths(info.shared);
  for (const path of shared) {
    const home = join(paths.root, "shared", path);
    await makeHome(home, path);
    await makeParents(directory, path);
    const place = join(directory, path);
    const kind = await pathKind(place);
    if (kind === "directory") await removeEmpty(place, path);
    else if (kind !== "missing" && kind !== "link") throw taken(path, `a ${kind}`);
    await placeLink(place, relative(dirname(place), home));
  }
  if (shared.length > 0) await excludeFromStatus(directory, shared);
}

async function makeHome(home: string, path: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true });
  } catch (cause) {
    if (!hasErrno(cause) || !["EEXIST", "ENOENT", "ENOTDIR"].includes(cause.code ?? "")) throw cause;
    throw new TargetWorkError(
      `Shared directory ${path} cannot be made: ${cause.path ?? home} is no directory`,
      {
        ...{ code: "SHARED_TAKEN", cause, hint: "Move what is there away, then deploy again." },
      },
    );
  }
}

/** A link of the repository on the way could lead out of the revision. */
async function makeParents(directory: string, path: string): Promise<void> {
  let parent = directory;
  for (const part of path.split("/").slice(0, -1)) {
    parent = join(parent, part);
    const kind = await pathKind(parent);
    if (kind === "missing") await mkdir(parent);
    else if (kind !== "directory") throw taken(relative(directory, parent), `a ${kind}`);
  }
}

async function removeEmpty(place: string, path: string): Promise<void> {
  try {
    await rmdir(place);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOTEMPTY") throw taken(path, "a directory with files");
    throw cause;
  }
}

function taken(path: string, what: string): TargetWorkError {
  return new TargetWorkError(`Shared directory ${path} cannot be linked: ${what} is in its place`, {
    code: "SHARED_TAKEN",
    hint: "Move what is there into shared/ beside the revisions, or take the path out of option shared.",
  });
}
