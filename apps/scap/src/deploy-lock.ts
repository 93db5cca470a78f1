import { CliError, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { acquireLocks, globalLockPath, repositoryLockPath, type HeldLocks } from "@scap/lock";
import { etcdLock } from "./etcd-lock.ts";
import { lockWaiting } from "./lock-waiting.ts";
import { parseDuration } from "./parse-duration.ts";

/** What is locked, and why. */
export interface DeployLockOptions {
  readonly invocation: Invocation;
  readonly config: Config;
  readonly reason: string;
  /** Another lock than the repository's, with its name for messages. It is not shared with other deploy servers. */
  readonly lock?: { readonly path: string; readonly name: string };
}

/**
 * Runs `work` with the repository's deploy lock held, waiting for it where somebody else deploys. When
 * the lock that deploy servers share is lost, the work must stop.
 */
export async function withDeployLock<T>(
  options: DeployLockOptions,
  work: (held: HeldLocks) => Promise<T>,
): Promise<T> {
  const { stderr } = options.invocation;
  const locks = await takeLocks(options);
  locks.lost.addEventListener("abort", () => stderr.write(lostText(locks.lost)), { once: true });
  try {
    return await work(locks);
  } finally {
    await locks.release();
  }
}

/** What to say when the lock that deploy servers share was lost. */
export function lostText({ reason }: AbortSignal): string {
  return `warning: ${reason instanceof Error ? reason.message : String(reason)}\n`;
}

async function takeLocks({ config, invocation, lock, reason }: DeployLockOptions): Promise<HeldLocks> {
  const { interrupts, options, stderr } = invocation;
  const timeout = options.string("lock-timeout");
  const lockDir = config.str("lock_dir");
  const gitRepo = config.str("git_repo");
  const group = config.str("lock_group");
  const waiting = lockWaiting(stderr);
  try {
    return await acquireLocks({
      local: {
        path: lock?.path ?? repositoryLockPath({ lockFile: config.str("lock_file"), gitRepo, lockDir }),
        name: lock?.name ?? "deploy",
        reason,
        globalLock: globalLockPath({ lockDir }),
        signal: interrupts.stop,
        ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, "--lock-timeout") }),
        onWaiting: waiting.onWaiting,
        ...(group === undefined ? {} : { group }),
      },
      etcd: lock === undefined ? etcdLock(config, gitRepo ?? "", waiting) : undefined,
    });
  } catch (cause) {
    if (!interrupts.stop.aborted) throw cause;
    throw new CliError("Stopped while waiting for the lock; nothing was deployed", {
      code: "INTERRUPTED",
      exitCode: interrupts.exitCode,
      cause,
    });
  } finally {
    waiting.close();
  }
}
