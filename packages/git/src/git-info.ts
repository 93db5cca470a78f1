import { join, relative } from "node:path";

import { currentBranch } from "./branch.ts";
import { resolveGitDirectory } from "./git-directory.ts";
import { runGit } from "./run-git.ts";

/** What MediaWiki's page Special:Version shows about a checkout. Keys and their order are its file format. */
export interface GitInfo {
  readonly "@directory": string;
  /** Commit, the same as `headSHA1`. */
  readonly head: string;
  /** The last public commit: local patches are not told. */
  readonly headSHA1: string;
  /** Seconds since the epoch. */
  readonly headCommitDate: string;
  /** Left out where the commit is on no known public branch. */
  readonly branch?: string;
  /** Empty without a remote. */
  readonly remoteURL: string;
}

/** What the caller of {@link gitInfo} knows already. */
export interface GitInfoOptions {
  /** The public commit, as the parent repository records it. */
  readonly head?: string;
  /** The parent's branch. */
  readonly branch?: string;
}

/**
 * Describes a checkout.
 *
 * @throws {@link GitError} without `.git` there, and for a repository without commits
 */
export async function gitInfo(directory: string, options: GitInfoOptions = {}): Promise<GitInfo> {
  await resolveGitDirectory(directory);
  const branch = options.branch ?? (await currentBranch(directory));
  const headSHA1 = options.head ?? (await publicCommit(directory, branch));
  const isOnBranch =
    options.head === undefined || (await isAncestorOf(directory, headSHA1, `origin/${branch}`));
  const [date, url] = await Promise.all([
    runGit(["show", "--no-patch", "--format=%ct", "--end-of-options", headSHA1], { cwd: directory }),
    runGit(["ls-remote", "--get-url"], { cwd: directory, acceptStatus: [1, 128] }),
  ]);
  const remote = url.exitCode === 0 ? url.stdout.trim() : "";
  return {
    "@directory": directory,
    head: headSHA1,
    headSHA1,
    headCommitDate: date.stdout.trim(),
    ...(isOnBranch ? { branch } : {}),
    remoteURL: remote === "origin" ? "" : remote,
  };
}

/** Name of the file with the git information of a checkout, below the cache directory of its installation. */
export function gitInfoFile(directory: string, installPath: string, cacheDirectory: string): string {
  const inside = relative(installPath, directory);
  const isInside = !inside.startsWith("..");
  const rest = isInside ? (inside === "" ? "" : `/${inside}`) : directory;
  return join(cacheDirectory, `info${rest.replaceAll("/", "-")}.json`);
}

/** The text of such a file: one line, as Python's `json.dumps` writes it. */
export function gitInfoText(info: GitInfo): string {
  const members = Object.entries(info).map(([key, value]) => `${asciiJson(key)}: ${asciiJson(value)}`);
  return `{${members.join(", ")}}`;
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

async function publicCommit(directory: string, branch: string): Promise<string> {
  const base = await runGit(["merge-base", "HEAD", `refs/remotes/origin/${branch}`], {
    cwd: directory,
    acceptStatus: [1, 128],
  });
  if (base.exitCode === 0) return base.stdout.trim();
  return (await runGit(["rev-parse", "--verify", "HEAD^{commit}"], { cwd: directory })).stdout.trim();
}

async function isAncestorOf(directory: string, commit: string, ref: string): Promise<boolean> {
  const args = ["merge-base", "--is-ancestor", "--end-of-options", commit, ref];
  return (await runGit(args, { cwd: directory, acceptStatus: [1, 128, 129] })).exitCode === 0;
}
