import type { Config } from "@scap/config";
import { globalLockPath, specificLockPath } from "@scap/lock";

/** Where the locks are that `scap lock` works with. */
export interface LockPlaces {
  readonly globalLock: string;
  /** The lock of this repository, else of the MediaWiki staging tree. */
  readonly specificLock: string;
  /** What announcements call the specific lock. */
  readonly label: string;
  readonly signalDir: string | undefined;
  /** Group whose members may force the global lock. */
  readonly group: string | undefined;
}

/** Reads them from the configuration. */
export function lockPlaces(config: Config): LockPlaces {
  const lockDir = config.str("lock_dir");
  const gitRepo = config.str("git_repo");
  return {
    globalLock: globalLockPath({ lockDir }),
    specificLock: specificLockPath({
      lockDir,
      gitRepo,
      lockFile: config.str("lock_file"),
      stageDir: config.str("stage_dir"),
    }),
    label: gitRepo ?? "mediawiki",
    signalDir: config.str("lock_signal_dir"),
    group: config.str("lock_group"),
  };
}
