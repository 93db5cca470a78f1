import { join } from "node:path";
import type { Readable } from "node:stream";

import { addShallow, initGitDirectory, objectFormatOf, storePack, writeReference } from "@scap/git";

import type { PackRequest } from "../../protocol.ts";
import { clearDamaged, REVISION_REFERENCES } from "./pack-bases.ts";
import { ensureCache } from "./obtain-revision.ts";
import { pathExists } from "../path-exists.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/** Puts a pack into the cache, or into the cache of a submodule, and sets its references. */
export async function receivePack(
  paths: TargetPaths,
  request: PackRequest,
  options: { payload: Readable; signal: AbortSignal },
): Promise<void> {
  await ensureCache(paths, request.commit);
  const gitDirectory = await repositoryFor(paths, request);
  if (request.payloadBytes > 0) {
    const { indexBytes, payloadBytes, sha256 } = request;
    await storePack(gitDirectory, {
      ...options,
      payloadBytes,
      sha256,
      ...(indexBytes === undefined ? {} : { indexBytes }),
    });
  }
  if (request.shallow !== undefined) await addShallow(gitDirectory, request.shallow);
  await writeReference(gitDirectory, `${REVISION_REFERENCES}/${request.commit}`, request.commit);
  for (const [name, id] of Object.entries(request.refs)) await writeReference(gitDirectory, name, id);
  if (request.submodule === undefined && request.bases.length === 0) await clearDamaged(paths);
}

async function repositoryFor(paths: TargetPaths, { commit, submodule }: PackRequest): Promise<string> {
  if (submodule === undefined) return paths.cacheGit;
  const gitDirectory = submoduleDirectory(paths, submodule);
  const isThere = await pathExists(join(gitDirectory, "HEAD"));
  if (!isThere) await initGitDirectory(gitDirectory, { objectFormat: objectFormatOf(commit) });
  return gitDirectory;
}

/** Where the cache has the repository of a submodule. @throws TargetWorkError when the path leads elsewhere */
export function submoduleDirectory(paths: TargetPaths, submodule: string): string {
  const parts = submodule.split("/");
  if (parts[0] !== "modules" || parts.some((part) => part === "" || part === "." || part === "..")) {
    throw new TargetWorkError(`${JSON.stringify(submodule)} is not a path of a submodule`, {
      code: "PROTOCOL",
    });
  }
  return join(paths.cacheGit, submodule);
}
