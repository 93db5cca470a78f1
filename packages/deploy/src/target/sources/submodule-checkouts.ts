import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import {
  checkoutRevision,
  initGitDirectory,
  listSubmodules,
  objectFormatOf,
  runGit,
  type Submodule,
} from "@scap/git";

import { pathExists } from "../path-exists.ts";
import type { StageContext } from "../stage-context.ts";
import { submoduleOrigins, type SubmoduleOrigin } from "./submodule-origins.ts";
import { TargetWorkError } from "../target-error.ts";

/**
 * Checks out the submodules of a revision, nested ones too. Their objects are shared with the cache's submodules, where
 * the deploy server or the upstream put them before.
 */
export async function updateSubmodules(context: StageContext, directory: string): Promise<void> {
  const { info, paths } = context;
  const cache = { directory: paths.cache, gitDirectory: paths.cacheGit, commonDirectory: paths.cacheGit };
  const submodules = await listSubmodules(cache, info.commit);
  const origins = submoduleOrigins(submodules, info, paths.repo);
  for (const submodule of submodules) {
    context.signal.throwIfAborted();
    await checkOut(context, { directory, submodule, origin: origins.get(submodule.modulePath) });
  }
}

interface SubmoduleCheckout {
  /** Of the revision. */
  readonly directory: string;
  readonly submodule: Submodule;
  readonly origin: SubmoduleOrigin | undefined;
}

async function checkOut(
  { paths, signal }: StageContext,
  { directory, origin, submodule }: SubmoduleCheckout,
): Promise<void> {
  const remote = origin?.remote ?? submodule.url;
  const shared = join(paths.cacheGit, submodule.modulePath);
  const gitDirectory = join(directory, ".git", submodule.modulePath);
  const worktree = insideOf(directory, submodule.path);
  await requireShared(shared, submodule);
  if (!(await pathExists(join(gitDirectory, "HEAD")))) {
    await initGitDirectory(gitDirectory, {
      head: submodule.commit,
      alternate: join(shared, "objects"),
      origin: remote,
      ...(origin?.lfsUrl === undefined ? {} : { lfsUrl: origin.lfsUrl }),
      objectFormat: objectFormatOf(submodule.commit),
      worktree: relative(gitDirectory, worktree),
    });
    await register(directory, submodule, remote);
  }
  await mkdir(worktree, { recursive: true });
  await writeFile(join(worktree, ".git"), `gitdir: ${relative(worktree, gitDirectory)}\n`);
  await writeFile(join(gitDirectory, "HEAD"), `${submodule.commit}\n`);
  await rm(join(gitDirectory, "index.lock"), { force: true });
  await checkoutRevision(worktree, submodule.commit, { signal });
}

/** What `git submodule init` would write; only then `git status` and `git submodule` know the checkout. */
async function register(directory: string, { modulePath, name }: Submodule, url: string): Promise<void> {
  const owner = join(directory, ".git", modulePath.slice(0, -join("modules", name).length));
  const section = `submodule.${name}`;
  await runGit(["config", "--file", join(owner, "config"), `${section}.url`, url]);
  await runGit(["config", "--file", join(owner, "config"), `${section}.active`, "true"]);
}

function insideOf(directory: string, path: string): string {
  const full = join(directory, path);
  if (full.startsWith(`${directory}/`)) return full;
  throw new TargetWorkError(`Submodule path ${JSON.stringify(path)} leads out of the repository`, {
    code: "BAD_SUBMODULE",
  });
}

async function requireShared(shared: string, submodule: Submodule): Promise<void> {
  if (await pathExists(join(shared, "objects"))) return;
  throw new TargetWorkError(`The objects of submodule ${submodule.path} are not on this host`, {
    code: "OBJECTS_MISSING",
    hint: "Check that the submodule is initialised on the deploy server, then deploy again.",
  });
}
