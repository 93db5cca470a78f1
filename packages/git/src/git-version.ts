import { availableParallelism } from "node:os";

import { GitError } from "./errors.ts";
import { runGit, type RunGitOptions } from "./run-git.ts";

/** The numbers of a version, the major one first: git 2.39.5 is `[2, 39, 5]`. */
export type GitVersion = readonly number[];

/** The oldest git that does what this package asks of it. */
export const OLDEST_GIT = "2.30";

/** Processors that are left to others where git works on several things at once. */
const SPARE_PROCESSORS = 2;

/** Reads the version out of what `git version` says; what is appended to the numbers does not count. */
export function parseGitVersion(text: string): GitVersion | undefined {
  const [numbers] = /\d+(?:\.\d+)+/.exec(text) ?? [];
  return numbers?.split(".").map(Number);
}

/** Whether a version is `wanted` or newer. */
export function isGitAtLeast(version: GitVersion, wanted: string): boolean {
  for (const [index, part] of wanted.split(".").map(Number).entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** The version of the git that is found on `PATH`; undefined when it does not tell. */
export async function gitVersion(options: RunGitOptions = {}): Promise<GitVersion | undefined> {
  return parseGitVersion((await runGit(["version"], options)).stdout);
}

/**
 * Makes sure that git is new enough. One that does not tell its version is not refused.
 *
 * @throws {@link GitError} `GIT_TOO_OLD`, or `GIT_MISSING`
 */
export async function requireGitVersion(options: RunGitOptions = {}): Promise<void> {
  const version = await gitVersion(options);
  if (version === undefined || isGitAtLeast(version, OLDEST_GIT)) return;
  throw new GitError(`git ${version.join(".")} is too old: ${OLDEST_GIT} or newer is needed`, {
    code: "GIT_TOO_OLD",
    hint: "Install a newer git, or put the directory of one first on PATH.",
  });
}

/** The words that let `clone`, `fetch` and `submodule update` work on several submodules at once. */
export function jobsArguments(version: GitVersion | undefined): string[] {
  if (version === undefined || !isGitAtLeast(version, "2.10")) return [];
  return ["--jobs", String(Math.max(1, availableParallelism() - SPARE_PROCESSORS))];
}
