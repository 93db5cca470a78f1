import type { StaleProcess } from "./host-state.ts";

/** What tells processes in their place from others. */
export interface ProcessPlace {
  /** Root of the repository, as the kernel names it. */
  readonly root: string;
  /** Revisions whose processes are in their place. */
  readonly wanted: readonly (string | null)[];
}

/** Reads which processes run from a revision that is no longer live. A process counts once for each revision, however many of its files lead there. */
export function staleProcessesOf(lines: readonly string[], { root, wanted }: ProcessPlace): StaleProcess[] {
  const found = new Map<string, StaleProcess>();
  const names = namesOf(lines);
  for (const line of lines) {
    const [, pid = "", rest = ""] = /\/proc\/(\d+)\/\w+(.*)$/.exec(line) ?? [];
    const at = rest.indexOf(`${root}/revs/`);
    const [revision = ""] = at < 0 ? [] : rest.slice(at + root.length + 6).split(/[^0-9a-f]/, 1);
    if (root === "" || revision === "" || wanted.includes(revision)) continue;
    found.set(`${pid} ${revision}`, { revision, command: names.get(pid) ?? "", pid: Number(pid) });
  }
  return [...found.values()];
}

/** `name <pid> <what the process is called>` */
function namesOf(lines: readonly string[]): Map<string, string> {
  const named = lines.flatMap((line) => {
    const [, pid, name] = /^name (\d+) (.*)$/.exec(line) ?? [];
    return pid === undefined || name === undefined ? [] : [[pid, name] as const];
  });
  return new Map(named);
}
