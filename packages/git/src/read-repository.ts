import { stripCredentials } from "./credentials.ts";
import { GitCommandError, GitError } from "./errors.ts";
import type { Repository } from "./repository.ts";

type Git = Repository["git"];

/**
 * See {@link Repository.resolve}. In two steps, for what `:/text` searches would else contain the "^{commit}".
 */
export async function resolveCommit(git: Git, revision: string): Promise<string> {
  const id = await verify(
    git,
    revision,
    `There is no revision ${JSON.stringify(revision)} in this repository`,
  );
  return await verify(git, `${id}^{commit}`, `${JSON.stringify(revision)} is no commit of this repository`);
}

async function verify(git: Git, expression: string, complaint: string): Promise<string> {
  try {
    const { stdout } = await git(["rev-parse", "--verify", "--quiet", "--end-of-options", expression]);
    return stdout.trim();
  } catch (cause) {
    if (!(cause instanceof GitCommandError) || cause.gitStatus === null) throw cause;
    throw new GitError(complaint, {
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
export async function isDirty(git: Git, options: IsDirtyOptions = {}): Promise<boolean> {
  const filters = options.largeFiles === true ? LARGE_FILE_FILTERS : [];
  const status = ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules=none"];
  const { stdout } = await git([...filters, ...status]);
  return stdout !== "";
}

/** How {@link Repository.isDirty} looks. */
export interface IsDirtyOptions {
  /** Take files of git-lfs for unchanged, also where its filters are not configured. @defaultValue false */
  readonly largeFiles?: boolean;
}

/** Not required: without git-lfs the files are compared as they are. */
const LARGE_FILE_FILTERS = [
  ...["-c", "filter.lfs.clean=git-lfs clean -- %f", "-c", "filter.lfs.process=git-lfs filter-process"],
  ...["-c", "filter.lfs.required=false"],
];

/** See {@link Repository.isAncestor}. */
export async function isAncestor(git: Git, commit: string, descendant: string): Promise<boolean> {
  const { exitCode } = await git(["merge-base", "--is-ancestor", "--end-of-options", commit, descendant], {
    acceptStatus: [1, 128, 129],
  });
  return exitCode === 0;
}
