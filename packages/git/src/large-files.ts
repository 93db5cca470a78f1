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
  await runGit(INSTALL_FILTERS, run);
  await runGit(["lfs", "pull"], run);
}

/**
 * Writes the filters of git-lfs into the configuration of a repository, and of its submodules, so that git takes large
 * files in the place of their pointers for unchanged. Hooks and the user's own configuration stay as they are.
 *
 * @throws {@link GitCommandError} `PROGRAM_MISSING` where git-lfs is not installed
 */
export async function installLargeFileFilters(
  directory: string,
  options: { readonly submodules?: boolean; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { submodules = false, ...limits } = options;
  const run = { ...limits, cwd: directory };
  await runGit(INSTALL_FILTERS, run);
  if (!submodules) return;
  await runGit(["submodule", "--quiet", "foreach", "--recursive", `git ${INSTALL_FILTERS.join(" ")}`], run);
}

const INSTALL_FILTERS = ["lfs", "install", "--local", "--skip-repo"];
