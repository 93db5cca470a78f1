import { realpath } from "node:fs/promises";

import { GitCommandError, GitError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** What a directory is to git. */
export type DirectoryKind = "top-level" | "inside" | "none";

/**
 * Tells whether a directory is the top of a working tree (or a bare repository), only inside of one, or neither.
 *
 * @throws {@link GitError} `DUBIOUS_OWNERSHIP` when git refuses to look, which is not the same as "no repository"
 */
export async function directoryKind(directory: string): Promise<DirectoryKind> {
  const real = await realpath(directory).catch(() => undefined);
  if (real === undefined) return "none";
  try {
    const { stdout } = await runGit(
      ["rev-parse", "--is-bare-repository", "--is-inside-git-dir", "--show-prefix"],
      {
        cwd: real,
      },
    );
    const [bare, insideGit, prefix] = stdout.split("\n");
    if (bare === "true") return "top-level";
    return insideGit === "true" || prefix !== "" ? "inside" : "top-level";
  } catch (cause) {
    if (cause instanceof GitCommandError && cause.code === "NOT_A_REPOSITORY") return "none";
    throw cause;
  }
}

/** @throws {@link GitError} `NOT_TOP_LEVEL` unless the directory is the top of a repository. */
export async function requireTopLevel(directory: string): Promise<void> {
  if ((await directoryKind(directory)) === "top-level") return;
  throw new GitError(`${directory} is not the top level of a git repository`, {
    code: "NOT_TOP_LEVEL",
    hint: "Nothing was changed, so that a repository around it stays as it is.",
  });
}
