import { join } from "node:path";

import { initRepository, objectFormatOf } from "@scap/git";

import type { DeployInfo } from "../../deploy-info.ts";
import { fetchFromServer, fetchSubmodules, hasCommit } from "./fetch-from-server.ts";
import { pathKind } from "../links.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/** Makes sure that there is a cache repository for objects of the kind of `commit`. */
export async function ensureCache(paths: TargetPaths, commit: string): Promise<void> {
  if ((await pathKind(join(paths.cacheGit, "HEAD"))) !== "missing") return;
  await initRepository(paths.cache, { objectFormat: objectFormatOf(commit) });
}

/** What {@link obtainRevision} needs to know. */
export interface ObtainRevisionOptions {
  /** Whether the commit came over the connection in this run. */
  readonly isReceived: boolean;
  readonly signal: AbortSignal;
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
  { isReceived, signal }: ObtainRevisionOptions,
): Promise<void> {
  const hasServer = info.git_server !== undefined && info.git_server !== "";
  await ensureCache(paths, info.commit);
  if (!isReceived && !(await hasCommit(paths.cacheGit, info.commit, signal))) {
    if (!hasServer) throw notSent(info.commit);
    await fetchFromServer({ paths, info, signal });
  }
  // Submodules come over the connection with the revision, unless they are wanted from upstream.
  const isFetched = info.git_upstream_submodules === true || (hasServer && !isReceived);
  if (info.git_submodules === true && isFetched) await fetchSubmodules({ paths, info, signal });
}

function notSent(commit: string): TargetWorkError {
  return new TargetWorkError(`Revision ${commit} did not reach this host and no git_server is set`, {
    code: "OBJECTS_MISSING",
    hint: "Deploy again; if that does not help, set git_server.",
  });
}
