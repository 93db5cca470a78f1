import { stripCredentials } from "./credentials.ts";
import { GitCommandError, GitError } from "./errors.ts";
import type { Repository } from "./repository.ts";

type Git = Repository["git"];

/** See {@link Repository.resolve}. */
export async function resolveCommit(git: Git, revision: string): Promise<string> {
  return await verify(git, `${revision}^{commit}`, revision);
}

async function verify(git: Git, expression: string, revision: string): Promise<string> {
  try {
    const { stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", expression]);
    return stdout.trim();
  } catch (cause) {
    if (!(cause instanceof GitCommandError) || cause.gitStatus === null) throw cause;
    throw new GitError(`There is no revision ${JSON.stringify(revision)} in this repository`, {
      code: "UNKNOWN_REVISION",
      hint: "Fetch it first, or check its spelling with git log.",
      cause,
    });
  }
}

/** See {@link Repository.headSha1}. */
export async function headSha1(git: Git): Promise<string> {
  return await resolveCommit(git, "HEAD");
}

/** See {@link Repository.describe}. */
export async function describe(git: Git): Promise<string> {
  return (await git(["describe", "--always"])).stdout.trim();
}

/** See {@link Repository.remoteUrl}. Without a remote, git answers the name `origin` itself. */
export async function remoteUrl(git: Git): Promise<string> {
  const { stdout, exitCode } = await git(["ls-remote", "--get-url"], { acceptStatus: [1, 128] });
  const url = stdout.trim();
  return exitCode !== 0 || url === "origin" ? "" : stripCredentials(url);
}

/** See {@link Repository.isDirty}. */
export async function isDirty(git: Git): Promise<boolean> {
  const { stdout } = await git(["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=none"]);
  return stdout !== "";
}

/** See {@link Repository.isAncestor}. */
export async function isAncestor(git: Git, commit: string, descendant: string): Promise<boolean> {
  const { exitCode } = await git(["merge-base", "--is-ancestor", "--end-of-options", commit, descendant], {
    acceptStatus: [1, 128, 129],
  });
  return exitCode === 0;
}
