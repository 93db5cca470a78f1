import { runGit } from "./run-git.ts";

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
  await runGit(["-c", "core.hooksPath=/dev/null", "read-tree", "--reset", "-u", commit], {
    ...options,
    cwd: directory,
    env: { GIT_LFS_SKIP_SMUDGE: "1" },
  });
}
