import type { Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { acquireLock, globalLockPath, repositoryLockPath } from "@scap/lock";
import { parseDuration } from "./parse-duration.ts";

/** What is locked, and why. */
export interface DeployLockOptions {
  readonly invocation: Invocation;
  readonly config: Config;
  readonly reason: string;
}

/** Runs `work` with the repository's deploy lock held, waiting for it where somebody else deploys. */
export async function withDeployLock<T>(options: DeployLockOptions, work: () => Promise<T>): Promise<T> {
  const { config, invocation, reason } = options;
  const timeout = invocation.options.string("lock-timeout");
  const lockDir = config.str("lock_dir");
  const lock = await acquireLock({
    path: repositoryLockPath({ lockFile: config.str("lock_file"), gitRepo: config.str("git_repo"), lockDir }),
    name: "deploy",
    reason,
    globalLock: globalLockPath({ lockDir }),
    signal: invocation.interrupts.stop,
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, "--lock-timeout") }),
    onWaiting: (_holders, { lines }) => invocation.stderr.write(`${lines.join("\n")}\n`),
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}
