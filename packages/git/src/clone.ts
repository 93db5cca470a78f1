import { mkdir, readdir, realpath } from "node:fs/promises";
import { dirname } from "node:path";

import { GitError } from "./errors.ts";
import { gitVersion, jobsArguments } from "./git-version.ts";
import { setRemoteUrl } from "./remotes.ts";
import { runGit } from "./run-git.ts";
import { directoryKind } from "./top-level.ts";

/** How {@link fetchRepository} clones or updates. */
export interface FetchRepositoryOptions {
  /** Where the repository is or will be. */
  readonly directory: string;
  readonly url: string;
  readonly branch?: string;
  /** A repository whose objects save a download. */
  readonly reference?: string;
  /** Copy what the reference has, so that it may go. @defaultValue true */
  readonly dissociate?: boolean;
  readonly recurseSubmodules?: boolean;
  /** Only the newest commit. */
  readonly shallow?: boolean;
  readonly bare?: boolean;
  /** Settings of the repository; `null` removes one. */
  readonly config?: Readonly<Record<string, string | null>>;
  /** Longest time, in milliseconds. @defaultValue 1_800_000 */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A transfer slower than 1 kB/s for a minute hangs. */
const NETWORK = ["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60"];

/**
 * Clones a repository, or updates the one that is there. An update checks nothing out, and replaces and prunes only
 * deploy tags; a foreign tag that moved on the server stays as it is here. Hooks do not run.
 *
 * @returns whether it was cloned
 * @throws {@link GitError}
 */
export async function fetchRepository(options: FetchRepositoryOptions): Promise<{ cloned: boolean }> {
  if ((await directoryKind(options.directory)) === "top-level") {
    await update(options);
    return { cloned: false };
  }
  await clone(options);
  return { cloned: true };
}

async function update(options: FetchRepositoryOptions): Promise<void> {
  const { branch, directory, recurseSubmodules = false, url } = options;
  await setRemoteUrl(directory, url);
  const submodules = recurseSubmodules ? "--recurse-submodules" : "--no-recurse-submodules";
  const run = { cwd: directory, ...limits(options) };
  const deployTags = "+refs/tags/scap/sync/*:refs/tags/scap/sync/*";
  const wanted = branch === undefined ? [] : ["--", "origin", branch];
  const jobs = jobsArguments(await gitVersion());
  await runGit([...NETWORK, "fetch", "--quiet", ...jobs, submodules, ...wanted], run);
  await runGit(
    [
      ...NETWORK,
      "fetch",
      "--quiet",
      "--no-write-fetch-head",
      "--no-recurse-submodules",
      "--prune",
      "origin",
      deployTags,
    ],
    run,
  );
  for (const [name, value] of Object.entries(options.config ?? {})) await setting(directory, name, value);
}

async function setting(directory: string, name: string, value: string | null): Promise<void> {
  if (value === null) await runGit(["config", "--unset-all", name], { cwd: directory, acceptStatus: [5] });
  else await runGit(["config", "--replace-all", name, value], { cwd: directory });
}

async function clone(options: FetchRepositoryOptions): Promise<void> {
  const { directory, reference, url } = options;
  if (reference !== undefined && (await directoryKind(reference)) === "none") {
    throw new GitError(`The reference ${reference} is not a git repository`, { code: "NOT_A_REPOSITORY" });
  }
  if ((await readdir(directory).catch(() => [])).length > 0) {
    throw new GitError(`Cannot clone into ${directory}: it is not empty and no repository`, {
      code: "INVALID_ARGUMENT",
      hint: "Move it away.",
    });
  }
  const parent = dirname(directory);
  await mkdir(parent, { recursive: true });
  const args = [
    ...NETWORK,
    "-c",
    "core.hooksPath=/dev/null",
    ...cloneArguments(options, jobsArguments(await gitVersion())),
    "--",
    url,
    directory,
  ];
  await runGit(args, { cwd: await realpath(parent), ...limits(options) });
}

/** The words after `git` of a clone, up to the URL. */
export function cloneArguments(options: FetchRepositoryOptions, jobs: readonly string[] = []): string[] {
  const { bare, branch, config = {}, dissociate = true, recurseSubmodules, reference, shallow } = options;
  return [
    "clone",
    "--quiet",
    ...jobs,
    ...(shallow === true ? ["--depth", "1"] : []),
    ...(reference === undefined ? [] : ["--reference", reference, ...(dissociate ? ["--dissociate"] : [])]),
    ...(recurseSubmodules === true ? ["--recurse-submodules"] : []),
    ...(recurseSubmodules === true && shallow === true ? ["--shallow-submodules"] : []),
    ...(bare === true ? ["--bare"] : []),
    ...(branch === undefined ? [] : ["-b", branch]),
    ...Object.entries(config).flatMap(([name, value]) =>
      value === null ? [] : ["--config", `${name}=${value}`],
    ),
  ];
}

function limits({ signal, timeoutMs = 1_800_000 }: FetchRepositoryOptions) {
  return { timeoutMs, ...(signal === undefined ? {} : { signal }) };
}
