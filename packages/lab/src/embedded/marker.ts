import { allPids, readProc } from "../process-table.ts";

/** Variable that every command on an embedded host carries, so that it is found wherever it was daemonised to. */
export const MARKER = "SCAP_LAB_HOST";

/** Ids of the processes that carry the marker of a host (`<lab>/<host>`) or of a whole lab (`<lab>/`). */
export function markedPids(prefix: string): number[] {
  return allPids().filter((pid) => carries(readProc(pid, "environ"), prefix));
}

function carries(environ: string | undefined, prefix: string): boolean {
  const wanted = `${MARKER}=${prefix}`;
  return environ !== undefined && environ.split("\0").some((entry) => matches(entry, wanted));
}

function matches(entry: string, wanted: string): boolean {
  return wanted.endsWith("/") ? entry.startsWith(wanted) : entry === wanted;
}
