import { readFile } from "node:fs/promises";
import { SshError } from "../errors.ts";

/** Descriptors that a Node process uses besides its connections: the event loop, files, name look-ups. */
const OTHER_DESCRIPTORS = 64;

/**
 * Checks that the process may open enough descriptors, rather than failing in the middle of a job.
 *
 * @throws SshError `TOO_MANY_FILES` with the limit and the number needed
 */
export async function checkDescriptorLimit(hostsAtOnce: number, descriptorsPerHost: number): Promise<void> {
  const needed = hostsAtOnce * descriptorsPerHost + OTHER_DESCRIPTORS;
  // Below this every system is content, so that small jobs do not read the file.
  if (needed <= 256) return;
  refuseBeyond(await descriptorLimit(), needed, hostsAtOnce);
}

/**
 * Whether this process may open too few descriptors for so many hosts at a time.
 *
 * @returns undefined when there are enough, or when the system does not tell
 */
export async function descriptorShortage(
  hostsAtOnce: number,
  descriptorsPerHost: number,
): Promise<{ readonly limit: number; readonly needed: number } | undefined> {
  const needed = hostsAtOnce * descriptorsPerHost + OTHER_DESCRIPTORS;
  const limit = await descriptorLimit();
  return limit === undefined || needed <= limit ? undefined : { limit, needed };
}

/** @throws SshError `TOO_MANY_FILES` when more descriptors are needed than allowed */
export function refuseBeyond(limit: number | undefined, needed: number, hostsAtOnce: number): void {
  if (limit === undefined || needed <= limit) return;
  throw new SshError(
    "TOO_MANY_FILES",
    `${hostsAtOnce} hosts at a time need ${needed} open files, but this process may open ${limit}`,
    { hint: `Choose a smaller batch size, or raise the limit with "ulimit -n ${needed}".` },
  );
}

/** The soft limit of this process; `undefined` where the system does not tell or has none. */
async function descriptorLimit(): Promise<number | undefined> {
  const limits = await readFile("/proc/self/limits", "utf8").catch(() => "");
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}
