import { allPids, readProc } from "../process-table.ts";

/** Finds the first process of each host of a lab, by name, as seen from here. */
export async function findHostInits(labId: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  await Promise.all(
    (await allPids()).map(async (pid) => {
      const argv = (await readProc(pid, "cmdline"))?.split("\0") ?? [];
      const [shell, script, lab, name] = argv;
      if (shell !== "/bin/sh" || script !== "/mnt/control/host.sh" || lab !== labId || name === undefined)
        return;
      found.set(name, pid);
    }),
  );
  return found;
}
