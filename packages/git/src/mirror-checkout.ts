import { fetchRepository } from "./clone.ts";
import { GitError } from "./errors.ts";
import { gitVersion, jobsArguments } from "./git-version.ts";
import { isReferenceName } from "./refs.ts";
import { runGit } from "./run-git.ts";

/** How {@link mirrorCheckout} works. */
export interface MirrorCheckoutOptions {
  readonly directory: string;
  readonly url: string;
  readonly branch: string;
  /** A repository whose objects save a download. */
  readonly reference?: string;
  /** What the branch is set to. @defaultValue `origin/<branch>` */
  readonly ref?: string;
  readonly signal?: AbortSignal;
}

/** What {@link mirrorCheckout} did. */
export interface MirrorCheckoutResult {
  /** The commit that is checked out now. */
  readonly commit: string;
  readonly cloned: boolean;
  /** Local commits that no remote branch has; they can still be found at `refs/scap/discarded/<id>`. */
  readonly discarded: readonly string[];
}

/**
 * Makes a long-lived checkout equal its origin: clones or fetches, sets the branch and checks it out with its
 * submodules. Local changes to tracked files go, untracked files stay. Group members share the repository.
 *
 * @throws {@link GitError}
 */
export async function mirrorCheckout(options: MirrorCheckoutOptions): Promise<MirrorCheckoutResult> {
  const { branch, directory, reference, ref = `origin/${branch}`, signal, url } = options;
  const limits = signal === undefined ? {} : { signal };
  if (branch.startsWith("-") || !isReferenceName(`refs/heads/${branch}`)) {
    throw new GitError(`${JSON.stringify(branch)} is not the name of a branch`, { code: "INVALID_ARGUMENT" });
  }
  const { cloned } = await fetchRepository({
    directory,
    url,
    branch,
    config: { "core.sharedRepository": "group" },
    ...(reference === undefined ? {} : { reference }),
    ...limits,
  });
  const run = { cwd: directory, ...limits };
  const discarded = cloned ? [] : await keepLocalCommits(directory, run);
  // An id cannot be taken for an option, which a name could.
  const { stdout } = await runGit(["rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`], run);
  const commit = stdout.trim();
  const hooks = ["-c", "core.hooksPath=/dev/null"];
  await runGit([...hooks, "checkout", "--quiet", "--force", "-B", branch, commit], run);
  await updateSubmodulesFromUpstream(directory, limits);
  return { commit, cloned, discarded };
}

/** Updates all submodules from the URLs in `.gitmodules`; files of git-lfs stay pointers. */
export async function updateSubmodulesFromUpstream(
  directory: string,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const run = { ...options, cwd: directory, env: { GIT_LFS_SKIP_SMUDGE: "1" } };
  const { exitCode } = await runGit(["cat-file", "-e", "HEAD:.gitmodules"], {
    ...run,
    acceptStatus: [1, 128],
  });
  if (exitCode !== 0) return;
  await runGit(["submodule", "--quiet", "sync", "--recursive"], run);
  const jobs = jobsArguments(await gitVersion());
  const update = ["update", "--init", "--recursive", ...jobs, "--checkout", "--force"];
  await runGit(["submodule", "--quiet", ...update], run);
}

async function keepLocalCommits(
  directory: string,
  run: { cwd: string; signal?: AbortSignal },
): Promise<string[]> {
  const { stdout } = await runGit(["rev-list", "HEAD", "--not", "--remotes", "--tags"], {
    ...run,
    acceptStatus: [128],
  });
  const commits = stdout.split("\n").filter((line) => line !== "");
  const [newest] = commits;
  if (newest !== undefined) await runGit(["update-ref", `refs/scap/discarded/${newest}`, newest], run);
  return commits;
}
