import { GitCommandError, GitError } from "./errors.ts";
import { runGit } from "./run-git.ts";

/** Which of a remote's URLs, and whose. */
export interface RemoteOptions {
  /** @defaultValue "origin" */
  readonly remote?: string;
  /** The URL for pushing. @defaultValue false */
  readonly push?: boolean;
}

/** Whether the repository's own configuration has a URL for a remote. */
export async function hasRemote(directory: string, remote = "origin"): Promise<boolean> {
  const { exitCode } = await runGit(["config", "--local", "--get", `remote.${remote}.url`], {
    cwd: directory,
    acceptStatus: [1],
  });
  return exitCode === 0;
}

/** The URL of a remote as git would use it. @throws {@link GitError} when there is no such remote */
export async function getRemoteUrl(directory: string, options: RemoteOptions = {}): Promise<string> {
  const { push = false, remote = "origin" } = options;
  try {
    const args = ["remote", "get-url", ...(push ? ["--push"] : []), "--", remote];
    return (await runGit(args, { cwd: directory })).stdout.trim();
  } catch (cause) {
    if (!(cause instanceof GitCommandError) || cause.gitStatus !== 2) throw cause;
    throw new GitError(`${directory} has no remote ${JSON.stringify(remote)}`, {
      code: "INVALID_ARGUMENT",
      cause,
    });
  }
}

/** Sets the URL of a remote; a remote that is not there is added, with the URL for fetching. */
export async function setRemoteUrl(
  directory: string,
  url: string,
  options: RemoteOptions = {},
): Promise<void> {
  const { push = false, remote = "origin" } = options;
  const args = (await hasRemote(directory, remote))
    ? ["remote", "set-url", ...(push ? ["--push"] : []), "--", remote, url]
    : ["remote", "add", "--", remote, url];
  await runGit(args, { cwd: directory });
}
