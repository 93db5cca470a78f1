import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";

import { GitError } from "./errors.ts";

/**
 * The git directory of a checkout, also when `.git` is a file, as in worktrees and submodules. Runs no git command and
 * does not look whether the directory that a `.git` file names exists.
 *
 * @throws {@link GitError} `NOT_A_REPOSITORY` when there is no `.git`, `INVALID_ARGUMENT` when it is a file of another
 * kind.
 */
export async function resolveGitDirectory(directory: string): Promise<string> {
  const trimmed = directory.replace(/(?<=.)\/+$/, "");
  const gitPath = trimmed.endsWith(".git") ? resolve(trimmed) : resolve(trimmed, ".git");
  const kind = await stat(gitPath).catch(() => undefined);
  if (kind === undefined) {
    throw new GitError(`${directory} is not the top of a git checkout: ${gitPath} does not exist`, {
      code: "NOT_A_REPOSITORY",
    });
  }
  return kind.isDirectory() ? gitPath : await followGitFile(gitPath);
}

async function followGitFile(gitPath: string): Promise<string> {
  const content = (await readFile(gitPath, "utf8")).trim();
  if (!content.startsWith("gitdir: ")) {
    throw new GitError(`${gitPath} is neither a directory nor a file that starts with "gitdir: "`, {
      code: "INVALID_ARGUMENT",
    });
  }
  return resolve(gitPath, "..", content.slice("gitdir: ".length));
}

/** The directory that holds objects and references: differs from the git directory in a worktree. */
export async function commonGitDirectory(gitDirectory: string): Promise<string> {
  try {
    return resolve(gitDirectory, (await readFile(resolve(gitDirectory, "commondir"), "utf8")).trim());
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return gitDirectory;
    throw cause;
  }
}
