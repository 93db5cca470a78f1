import { unlinkSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";

import { pathKind } from "./links.ts";

/** Requests and renewals of leases wait no longer, however long the disk takes for a file, in milliseconds. */
const LONGEST_HOLD_MS = 20;

/**
 * Removes a directory with all that is in it; one that is missing is no error. Node's own `rm` hands every file to its
 * threads twice, which takes three times the processor time; here this process is held up a little.
 *
 * @throws {Error} of the system, for the first thing that cannot be removed
 */
export async function removeTree(directory: string): Promise<void> {
  // A link is removed, and what it leads to is not looked at.
  if ((await pathKind(directory)) === "directory") await removeFiles(directory);
  await rm(directory, { recursive: true, force: true });
}

/** What cannot be removed stays, and `rm` tells why. */
async function removeFiles(directory: string): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  let since = performance.now();
  for (const entry of entries) {
    if (performance.now() - since > LONGEST_HOLD_MS) {
      await setImmediate();
      since = performance.now();
    }
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await removeFiles(path);
    else tryToRemove(path);
  }
}

function tryToRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Told by what comes after.
  }
}
