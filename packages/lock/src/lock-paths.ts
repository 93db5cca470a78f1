import { join } from "node:path";
import { LockError } from "./errors.ts";

/** The configuration options that decide where the lock files are. */
export interface LockPathConfig {
  /** Option `lock_file`: the specific lock, used as given. */
  readonly lockFile?: string | undefined;
  /** Option `git_repo`. */
  readonly gitRepo?: string | undefined;
  /** Option `stage_dir`. @defaultValue `"/srv/mediawiki-staging"` */
  readonly stageDir?: string | undefined;
  /** Option `lock_dir`: the directory of all lock files. @defaultValue `"/var/lock"` */
  readonly lockDir?: string | undefined;
}

/** Where Python Scap keeps its locks; ours are there too, so that both exclude each other. */
export const DEFAULT_LOCK_DIR = "/var/lock";
const DEFAULT_STAGE_DIR = "/srv/mediawiki-staging";

/** The lock that every specific lock takes in shared mode, and that stops everything in exclusive mode. */
export function globalLockPath(config: Pick<LockPathConfig, "lockDir"> = {}): string {
  return join(config.lockDir ?? DEFAULT_LOCK_DIR, "scap-global-lock");
}

/** The lock of `scap lock`: `lock_file`, else the repository's, else the one of the MediaWiki staging tree. */
export function specificLockPath(config: LockPathConfig): string {
  return config.lockFile || config.gitRepo ? repositoryLockPath(config) : stagingLockPath(config);
}

/**
 * The lock of a repository's deployments: `lock_file`, else one named after `git_repo`.
 *
 * @throws LockError `LOCK_BAD_OPTION` when neither is set.
 */
export function repositoryLockPath(config: LockPathConfig): string {
  if (config.lockFile) return config.lockFile;
  if (!config.gitRepo) {
    throw new LockError("No lock for this repository: neither lock_file nor git_repo is set", {
      code: "LOCK_BAD_OPTION",
      hint: "Set git_repo in scap/scap.cfg.",
    });
  }
  return namedLock(config, config.gitRepo.replaceAll("/", "_"));
}

/** The lock of the MediaWiki staging tree, named after `stage_dir`. */
export function stagingLockPath(config: LockPathConfig): string {
  const directory = (config.stageDir || DEFAULT_STAGE_DIR).replace(/^\/+|\/+$/g, "");
  return namedLock(config, directory.replaceAll("/", "_"));
}

/** The lock of `scap backport`. */
export function backportLockPath(config: Pick<LockPathConfig, "lockDir"> = {}): string {
  return namedLock(config, "backport");
}

function namedLock(config: Pick<LockPathConfig, "lockDir">, name: string): string {
  return join(config.lockDir ?? DEFAULT_LOCK_DIR, `scap.${name}.lock`);
}
