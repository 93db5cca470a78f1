import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { hasLargeFilePointers, parseSubmodules, runGit } from "@scap/git";

import { largeFilePrograms } from "../sources/large-files.ts";
import { COMPLETE_MARKER, detachedHead, hasCompleteMarker } from "./revisions.ts";
import { pathExists } from "../path-exists.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";

/**
 * Whether a revision's directory is complete. One without our marker, made by Python Scap or by an interrupted run, is
 * looked at closely once: no tracked file, no submodule and no large file may be missing.
 */
export async function isComplete(context: StageContext, directory: string): Promise<boolean> {
  const { commit } = context.info;
  if ((await detachedHead(directory)) !== commit) return false;
  if (await hasCompleteMarker(directory)) return true;
  if (!(await looksComplete(context, directory))) return false;
  await writeFile(join(directory, ".git", COMPLETE_MARKER), "verified\n");
  return true;
}

/** @throws TargetWorkError `INCOMPLETE_REVISION` unless {@link isComplete} */
export async function requireComplete(context: StageContext, directory: string): Promise<void> {
  if (!(await isComplete(context, directory))) throw incompleteRevision(directory);
}

/** What keeps a revision from going live. */
export function incompleteRevision(directory: string): TargetWorkError {
  return new TargetWorkError(`Revision ${basename(directory)} is not completely on this host`, {
    code: "INCOMPLETE_REVISION",
    hint: "Run the stage fetch first.",
  });
}

async function looksComplete(context: StageContext, directory: string): Promise<boolean> {
  const { info, signal } = context;
  const deleted = await runGit(["ls-files", "--deleted", "--cached", "-z", "--error-unmatch", "."], {
    ...{ cwd: directory, signal },
    acceptStatus: [1, 128],
  });
  if (deleted.exitCode !== 0) return false;
  const missing = await runGit(["ls-files", "--deleted", "-z"], { cwd: directory, signal });
  if (missing.stdout !== "") return false;
  if (largeFilePrograms(info).includes("git-lfs") && (await hasLargeFilePointers(directory))) return false;
  if (info.git_submodules !== true) return true;
  const submodules = await parseSubmodules(join(directory, ".git"), info.commit);
  const present = await Promise.all(
    Array.from(submodules.values(), async ({ path }) => pathExists(join(directory, path ?? "", ".git"))),
  );
  return present.every(Boolean);
}
