import { printable, type Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import { logDirectory } from "@scap/deploy";
import { removeOldLogs } from "@scap/log";

const DAY_MS = 86_400_000;

/** Removes logs that are older than `log_keep`. One that cannot be removed is worth a warning, not a deployment. */
export async function removeLogsBeyondAge({ cwd, stderr }: Invocation, config: Config): Promise<void> {
  const days = config.int("log_keep");
  if (days === undefined) return;
  try {
    const directory = logDirectory(cwd);
    await removeOldLogs({ directory, olderThanMs: days * DAY_MS, nowMs: Date.now() });
  } catch (error) {
    stderr.write(printable(`warning: old logs cannot be removed: ${(error as Error).message}\n`));
  }
}
