import { GitCommandError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/**
 * Compares the files that are as old as the index with it once more and notes those that have not changed, so that later
 * looks at the working tree need not read them. Git cannot tell whether a file was edited after it was noted within one
 * second; call this in a later one than that of the checkout.
 *
 * Files that differ stay what they are to git: edited. An index that cannot be written stays as it is.
 */
export async function refreshIndex(
  directory: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  try {
    await runGit(["update-index", "-q", "--refresh"], { ...options, cwd: directory, acceptStatus: [1] });
  } catch (cause) {
    if (!(cause instanceof GitCommandError)) throw cause;
  }
}
