import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";

import { TargetWorkError } from "./target-error.ts";

/** Where everything of one repository is on a target. All paths are absolute. */
export interface TargetPaths {
  readonly repo: string;
  /** What users of the code open: a link to a revision. */
  readonly final: string;
  /** `<final>-cache`, holds everything else. */
  readonly root: string;
  /** The clone that revisions share their objects with. */
  readonly cache: string;
  readonly cacheGit: string;
  readonly revs: string;
  readonly current: string;
  readonly done: string;
  readonly inProgress: string;
  /** The cached deploy info. */
  readonly config: string;
  /** Notes of ours: lock, fence, journal. Python Scap does not look at it. */
  readonly state: string;
  /** The directory of a revision. */
  rev(commit: string): string;
}

/**
 * Names the places of a repository.
 *
 * @throws TargetWorkError `BAD_REPO` when the name could lead out of `gitDeployDir`.
 */
export function targetPaths(repo: string, gitDeployDir: string): TargetPaths {
  const isSafe =
    /^[A-Za-z0-9._/-]+$/.test(repo) && !repo.split("/").some((part) => part === ".." || part === "");
  if (!isSafe || isAbsolute(repo) || repo.startsWith("-")) {
    throw new TargetWorkError(
      `${JSON.stringify(repo)} is not a repository name: use letters, digits, ".", "_", "-" and "/", without ".."`,
      { code: "BAD_REPO", exitCode: 2 },
    );
  }
  if (!isAbsolute(gitDeployDir)) {
    throw new TargetWorkError(
      `git_deploy_dir must be an absolute path, not ${JSON.stringify(gitDeployDir)}`,
      {
        code: "BAD_DEPLOY_DIR",
      },
    );
  }
  return pathsAt(repo, join(gitDeployDir, repo));
}

function pathsAt(repo: string, final: string): TargetPaths {
  const root = `${final}-cache`;
  const revs = join(root, "revs");
  return {
    repo,
    final,
    root,
    revs,
    cache: join(root, "cache"),
    cacheGit: join(root, "cache", ".git"),
    current: join(root, "current"),
    done: join(root, ".done"),
    inProgress: join(root, ".in-progress"),
    config: join(root, ".config"),
    state: join(root, ".scap"),
    rev: (commit) => join(revs, commit),
  };
}

/** The same places with symbolic links in `git_deploy_dir` resolved, so that they compare with resolved links. */
export async function resolveTargetPaths(paths: TargetPaths): Promise<TargetPaths> {
  const parent = await realpath(dirname(paths.root));
  return pathsAt(paths.repo, join(parent, basename(paths.final)));
}
