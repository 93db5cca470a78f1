import { runGit } from "./run-git.ts";

/** A program that keeps large files outside of git. */
export type LargeFileProgram = "git-lfs" | "git-fat";

/** How {@link pullLargeFiles} works. */
export interface PullLargeFilesOptions {
  readonly program: LargeFileProgram;
  /** Where git-lfs fetches from. @defaultValue what the repository is configured to */
  readonly lfsUrl?: string;
  /** Longest time, in milliseconds. @defaultValue 600_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Replaces the pointers in a working tree by the files that they stand for. Only this repository's configuration is
 * changed: no hooks are installed, and the user's own configuration stays as it is.
 *
 * @throws {@link GitCommandError}, also when the program is not installed
 */
export async function pullLargeFiles(directory: string, options: PullLargeFilesOptions): Promise<void> {
  const { lfsUrl, program, ...limits } = options;
  const run = { ...limits, cwd: directory };
  if (program === "git-fat") {
    await runGit(["fat", "init"], run);
    await runGit(["fat", "pull"], run);
    return;
  }
  if (lfsUrl !== undefined) await runGit(["config", "lfs.url", lfsUrl], run);
  // Without the filters, `git lfs pull` succeeds and leaves pointers.
  await runGit(["lfs", "install", "--local", "--skip-repo"], run);
  await runGit(["lfs", "pull"], run);
}
