import { join } from "node:path";

import {
  initGitDirectory,
  isReferenceName,
  listSubmodules,
  objectFormatOf,
  runGit,
  stripCredentials,
  writeReference,
  type Submodule,
} from "@scap/git";

import type { DeployInfo } from "../../deploy-info.ts";
import { REVISION_REFERENCES } from "./pack-bases.ts";
import { pathKind } from "../links.ts";
import { serverUrl } from "./server-url.ts";
import { submoduleOrigins } from "./submodule-origins.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/** A transfer slower than this for this long is given up. Hooks of the host have no say. */
const LIMITS = [
  ...["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=30"],
  ...["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"],
];
const FETCH = [
  ...LIMITS,
  "fetch",
  "--quiet",
  "--no-tags",
  "--no-recurse-submodules",
  "--no-write-fetch-head",
];
const BRANCHES = "+refs/heads/*:refs/remotes/origin/*";

/** What {@link fetchFromServer} needs. */
export interface FetchFromServerOptions {
  readonly paths: TargetPaths;
  readonly info: DeployInfo;
  readonly signal: AbortSignal;
}

/**
 * Fetches the revision from the deploy server's checkout, over dumb or smart HTTP, and its submodules where they are
 * wanted. The deploy tag replaces one of the same name here; foreign tags stay as they are.
 *
 * @throws TargetWorkError `FETCH_FAILED`
 */
export async function fetchFromServer({ info, paths, signal }: FetchFromServerOptions): Promise<void> {
  const url = `${serverUrl(info, paths.repo)}/.git`;
  const tag = `refs/tags/${info.tag}`;
  if (info.tag !== "" && !isReferenceName(tag)) {
    throw new TargetWorkError(`${JSON.stringify(info.tag)} in the deploy info is not the name of a tag`, {
      code: "DEPLOY_INFO",
    });
  }
  const refspecs = info.tag === "" ? [BRANCHES] : [`+${tag}:${tag}`, BRANCHES];
  await fetchInto({ gitDirectory: paths.cacheGit, url, refspecs, signal });
}

/** Fetches submodules, nested ones after their parents, until all commits that the revision records are here. */
export async function fetchSubmodules(options: FetchFromServerOptions): Promise<void> {
  const { info, paths } = options;
  const cache = { directory: paths.cache, gitDirectory: paths.cacheGit, commonDirectory: paths.cacheGit };
  const done = new Set<string>();
  for (;;) {
    const submodules = await listSubmodules(cache, info.commit);
    const origins = submoduleOrigins(submodules, info, paths.repo);
    const missing = submodules.filter(({ modulePath }) => !done.has(modulePath));
    if (missing.length === 0) return;
    await Promise.all(
      missing.map(async (each) => {
        done.add(each.modulePath);
        await fetchSubmodule(each, origins.get(each.modulePath)?.remote ?? each.url, options);
      }),
    );
  }
}

async function fetchSubmodule(
  submodule: Submodule,
  url: string,
  { paths, signal }: FetchFromServerOptions,
): Promise<void> {
  const { commit, modulePath } = submodule;
  const gitDirectory = join(paths.cacheGit, modulePath);
  if ((await pathKind(join(gitDirectory, "HEAD"))) === "missing") {
    await initGitDirectory(gitDirectory, { objectFormat: objectFormatOf(commit) });
  }
  if (!(await hasCommit(gitDirectory, commit, signal))) {
    // The deploy server's own checkout stands at the commit, mostly on no branch.
    const refspecs = [BRANCHES, "+HEAD:refs/scap/head"];
    await fetchInto({ gitDirectory, url, refspecs, signal });
    if (!(await hasCommit(gitDirectory, commit, signal))) {
      await fetchInto({ gitDirectory, url, refspecs: [`+${commit}:refs/scap/head`], signal });
    }
  }
  await writeReference(gitDirectory, `${REVISION_REFERENCES}/${commit}`, commit);
}

/** Whether a repository has a commit. Its files are not looked at. */
export async function hasCommit(gitDirectory: string, commit: string, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await runGit(["--git-dir", gitDirectory, "cat-file", "-e", `${commit}^{commit}`], {
    acceptStatus: [1, 128],
    signal,
  });
  return exitCode === 0;
}

async function fetchInto(options: {
  gitDirectory: string;
  url: string;
  refspecs: readonly string[];
  signal: AbortSignal;
}): Promise<void> {
  const { gitDirectory, refspecs, signal, url } = options;
  const git = ["--git-dir", gitDirectory];
  try {
    await runGit([...git, "config", "remote.origin.url", url], { signal });
    await runGit([...git, "config", "remote.origin.fetch", BRANCHES], { signal });
    await runGit([...git, ...FETCH, "origin", ...refspecs], { signal });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TargetWorkError(`Cannot fetch from ${stripCredentials(url)}: ${reason}`, {
      code: "FETCH_FAILED",
      hint: "Check that the deploy server serves the checkout's .git directory, and that git_server names it.",
      cause,
    });
  }
}
