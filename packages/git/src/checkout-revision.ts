import { statfs } from "node:fs/promises";

import { GitCommandError, GitError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** Git writes whole files, so a little may be left when the next one does not fit. */
const NEARLY_FULL_BYTES = 8 * 1024 * 1024;

/** How {@link checkoutRevision} works. */
export interface CheckoutOptions {
  /** Longest time, in milliseconds. @defaultValue 600_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes index and working tree equal a commit, with one git process. Local changes to tracked files are discarded,
 * untracked files stay. `HEAD` is not moved, no hook runs, and files kept by git-lfs stay pointers.
 */
export async function checkoutRevision(
  directory: string,
  commit: string,
  options: CheckoutOptions = {},
): Promise<void> {
  try {
    await runGit(["-c", "core.hooksPath=/dev/null", "read-tree", "--reset", "-u", commit], {
      ...options,
      cwd: directory,
      env: { GIT_LFS_SKIP_SMUDGE: "1" },
    });
  } catch (cause) {
    if (await isFull(directory, cause)) throw diskFull(directory, cause);
    throw cause;
  }
}

/** Git says that it could not write a file, but not why. */
async function isFull(directory: string, cause: unknown): Promise<boolean> {
  if (!(cause instanceof GitCommandError) || !/unable to (?:write|create) file/.test(cause.stderr))
    return false;
  const { bavail, bsize, ffree, files } = await statfs(directory);
  return bavail * bsize < NEARLY_FULL_BYTES || (files > 0 && ffree === 0);
}

function diskFull(directory: string, cause: unknown): GitError {
  return new GitError(`The revision does not fit on the disk of ${directory}`, {
    code: "DISK_FULL",
    hint: "Free some space and try again.",
    cause,
  });
}
