import { readFile } from "node:fs/promises";

/** A clock of this host that nobody can set; the guards read the same file. It begins anew with each {@link bootId}. */
export async function secondsSinceBoot(): Promise<number> {
  return Number.parseFloat(await readFile("/proc/uptime", "utf8"));
}

/** Names the boot of the host. */
export async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}
