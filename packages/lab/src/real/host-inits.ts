import { allPids, readProc } from "../process-table.ts";

/** Finds the first process of each host of a lab, by name, as seen from here. */
export function findHostInits(labId: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of allPids()) {
    const [shell, script, lab, name] = readProc(pid, "cmdline")?.split("\0") ?? [];
    const isInit = shell === "/bin/sh" && script === "/mnt/control/host.sh" && lab === labId;
    if (isInit && name !== undefined) found.set(name, pid);
  }
  return found;
}
