import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { goBack, type GoBackOptions } from "../guards/go-back.ts";
import { restoreDone } from "./restore-done.ts";
import { repairSwitch } from "../revisions/repair-switch.ts";
import { removeHalfWritten } from "../revisions/tidy-cache.ts";
import { removeStaleLocks } from "./stale-locks.ts";
import type { WriterSeat } from "../writer-seat.ts";

/** What {@link repairHost} needs. */
export interface RepairHostOptions extends Omit<GoBackOptions, "assertHeld" | "marker"> {
  readonly seat: WriterSeat;
}

/** Puts right what a crash left: a switch that was interrupted, a lease that has ended, things half made. */
export async function repairHost({ seat, ...options }: RepairHostOptions): Promise<void> {
  const { paths } = options;
  const assertHeld = async (): Promise<void> => await seat.assertHeld();
  await removeHalfWritten(paths);
  await removeStaleLocks(paths);
  await restoreDone({ ...options, assertHeld });
  await repairSwitch({ paths, now: new Date(), assertHeld });
  await goBack({ ...options, assertHeld, marker: seat.marker });
  await removeHalfMade(options);
}

/** What cannot be removed, such as the place where something is mounted, must not keep all deployments away. */
async function removeHalfMade({ logger, paths }: Pick<RepairHostOptions, "logger" | "paths">): Promise<void> {
  for (const name of await readdir(paths.revs)) {
    if (!/^\.(new|old)-|\.incomplete$/.test(name)) continue;
    const path = join(paths.revs, name);
    try {
      await rm(path, { recursive: true, force: true });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      logger.warning("Could not remove %s: %s", { args: [path, reason] });
    }
  }
}
