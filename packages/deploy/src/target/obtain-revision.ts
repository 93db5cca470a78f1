import { access } from "node:fs/promises";
import { join } from "node:path";

import { initRepository, objectFormatOf, runGit } from "@scap/git";

import type { DeployInfo } from "../deploy-info.ts";
import { fetchFromServer } from "./fetch-from-server.ts";
import { TargetWorkError } from "./target-error.ts";
import type { TargetPaths } from "./target-paths.ts";

/** Makes sure that there is a cache repository for objects of the kind of `commit`. */
export async function ensureCache(paths: TargetPaths, commit: string): Promise<void> {
  if (await exists(join(paths.cacheGit, "HEAD"))) return;
  await initRepository(paths.cache, { objectFormat: objectFormatOf(commit) });
}

/**
 * Makes sure that the commit's objects are in the cache: they came over the connection, or they are fetched from the
 * deploy server's `git_server`.
 *
 * @throws TargetWorkError `OBJECTS_MISSING` when neither is possible
 */
export async function obtainRevision(
  paths: TargetPaths,
  info: DeployInfo,
  signal: AbortSignal,
): Promise<void> {
  await ensureCache(paths, info.commit);
  if (await hasCommit(paths, info.commit, signal)) return;
  if (info.git_server !== undefined && info.git_server !== "") {
    await fetchFromServer(paths, info, signal);
    return;
  }
  throw new TargetWorkError(`Revision ${info.commit} did not reach this host and no git_server is set`, {
    code: "OBJECTS_MISSING",
    hint: "Deploy again; if that does not help, set git_server.",
  });
}

async function hasCommit(paths: TargetPaths, commit: string, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await runGit(["--git-dir", paths.cacheGit, "cat-file", "-e", `${commit}^{commit}`], {
    acceptStatus: [1, 128],
    signal,
  });
  return exitCode === 0;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
