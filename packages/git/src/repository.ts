import { realpath } from "node:fs/promises";

import { GitError } from "./errors.ts";
import { commonGitDirectory, resolveGitDirectory } from "./git-directory.ts";
import { packRevision, type PackOptions, type RevisionPack } from "./pack-revision.ts";
import {
  describe,
  headSha1,
  isAncestor,
  isDirty,
  remoteUrl,
  resolveCommit,
  type IsDirtyOptions,
} from "./read-repository.ts";
import { runGit, type GitOutput, type RunGitOptions } from "./run-git.ts";
import { listSubmodules, type Submodule } from "./submodules.ts";
import {
  cleanDeployTags,
  createDeployTag,
  deleteTag,
  listTags,
  type CreateDeployTagOptions,
} from "./tags.ts";
import { lastDeployTag, nextDeployTag } from "./deploy-tag.ts";
import { updateServerInfo } from "./server-info.ts";

/** Where a repository is. */
export interface RepositoryPaths {
  /** Top of the working tree, or the git directory itself when bare. Absolute, without symbolic links. */
  readonly directory: string;
  /** `.git`, resolved through a `.git` file. */
  readonly gitDirectory: string;
  /** Holds objects and references; equals `gitDirectory` except in a worktree. */
  readonly commonDirectory: string;
}

/** A repository that was verified once; every method runs as few git processes as it can. */
export interface Repository extends RepositoryPaths {
  /** Runs any git command here. */
  git(args: readonly string[], options?: Omit<RunGitOptions, "cwd">): Promise<GitOutput>;
  /** The commit that a revision expression leads to; annotated tags are peeled. */
  resolve(revision: string): Promise<string>;
  /** The commit of `HEAD`. */
  headSha1(): Promise<string>;
  /** `git describe --always`. */
  describe(): Promise<string>;
  /** URL of the default remote after `insteadOf`, without credentials; empty when there is none. */
  remoteUrl(): Promise<string>;
  /** Names of all tags. */
  tags(): Promise<string[]>;
  /** The name for a deployment made now. */
  nextDeployTag(date: Date): Promise<string>;
  /** The newest deploy tag. */
  lastDeployTag(): Promise<string | undefined>;
  createTag(options: CreateDeployTagOptions): Promise<void>;
  deleteTag(name: string): Promise<void>;
  /** Deletes deploy tags above the limit and returns their names. */
  cleanTags(keep: number, today: Date): Promise<string[]>;
  /** Makes the repository, and with `submodules` theirs, fetchable over dumb HTTP. */
  updateServerInfo(options?: { submodules?: boolean }): Promise<void>;
  /** Packs a revision for targets. Where many ask for the same, use {@link createPackStore}. */
  pack(options: PackOptions): Promise<RevisionPack>;
  /** Submodules of a commit that are checked out here, nested ones after their parents. */
  submodules(commit: string): Promise<Submodule[]>;
  /** Whether a tracked file differs from `HEAD`. */
  isDirty(options?: IsDirtyOptions): Promise<boolean>;
  /** Whether `commit` equals or precedes `descendant`; false when either is unknown. */
  isAncestor(commit: string, descendant: string): Promise<boolean>;
}

/**
 * Opens the repository whose working tree has `directory` as its top.
 *
 * @throws {@link GitError} `NOT_TOP_LEVEL`, `NOT_A_REPOSITORY`, `DUBIOUS_OWNERSHIP` or `GIT_MISSING`.
 */
export async function openRepository(
  directory: string,
  options: Pick<RunGitOptions, "signal"> = {},
): Promise<Repository> {
  const paths = await locate(directory, options);
  const git: Repository["git"] = async (args, more = {}) =>
    await runGit(args, { ...options, ...more, cwd: paths.directory });
  return {
    ...paths,
    git,
    resolve: async (revision) => await resolveCommit(git, revision),
    headSha1: async () => await headSha1(git),
    describe: async () => await describe(git),
    remoteUrl: async () => await remoteUrl(git),
    tags: async () => await listTags(git),
    nextDeployTag: async (date) => nextDeployTag(await listTags(git), date),
    lastDeployTag: async () => lastDeployTag(await listTags(git)),
    createTag: async (tag) => await createDeployTag(git, tag),
    deleteTag: async (name) => await deleteTag(git, name),
    cleanTags: async (keep, today) => await cleanDeployTags(git, keep, today),
    updateServerInfo: async (which = {}) => await updateServerInfo(git, which),
    pack: async (which) => await packRevision(paths, which),
    submodules: async (commit) => await listSubmodules(paths, commit),
    isDirty: async (how) => await isDirty(git, how),
    isAncestor: async (commit, descendant) => await isAncestor(git, commit, descendant),
  };
}

async function locate(directory: string, options: Pick<RunGitOptions, "signal">): Promise<RepositoryPaths> {
  const top = await realpath(directory).catch((cause: unknown) => {
    throw new GitError(`${directory} does not exist`, { code: "NOT_A_REPOSITORY", cause });
  });
  const { stdout } = await runGit(["rev-parse", "--is-bare-repository", "--show-prefix"], {
    ...options,
    cwd: top,
  });
  const [bare = "", prefix = ""] = stdout.split("\n");
  if (bare === "true") return { directory: top, gitDirectory: top, commonDirectory: top };
  if (prefix !== "") {
    throw new GitError(`${directory} is not the top level of its git repository`, {
      code: "NOT_TOP_LEVEL",
      hint: "Run this in the directory that holds .git.",
    });
  }
  const gitDirectory = await resolveGitDirectory(top);
  return { directory: top, gitDirectory, commonDirectory: await commonGitDirectory(gitDirectory) };
}
