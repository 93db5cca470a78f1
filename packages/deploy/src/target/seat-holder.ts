import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";

import { stateNote, type StateNote } from "./state-notes.ts";
import type { TargetPaths } from "./target-paths.ts";

/** Who changes a repository on a target. */
export interface WriterIdentity {
  /** Names the run; later runs compare greater. */
  readonly run: string;
  /**
   * A worker yields to the worker of a newer run; what finishes for a worker yields to any worker. Both yield to the guard
   * of their own lease. A command started by hand and a guard are waited for.
   */
  readonly kind: "worker" | "command" | "guard" | "finisher";
}

/** Who has the writer's seat: for those who wait, and for messages. */
export interface HolderNote extends WriterIdentity {
  readonly pid: number;
  /** Tells a process from a later one with the same id: its start, in clock ticks since boot. */
  readonly startTicks: string;
  readonly user: string;
}

/** The present holder, or the last one that could not clear it. */
export function holderNote(paths: TargetPaths): StateNote<HolderNote> {
  return stateNote<HolderNote>(join(paths.state, "holder"));
}

/** What the note says of this process. */
export async function ourHolder(identity: WriterIdentity): Promise<HolderNote> {
  const { pid } = process;
  return { ...identity, pid, startTicks: await startTicks(pid), user: userName() };
}

export function isSameProcess(one: HolderNote, other: HolderNote | undefined): boolean {
  return one.pid === other?.pid && one.startTicks === other.startTicks;
}

/** Asks the holder to end, unless it has ended. */
export async function stopHolder(holder: HolderNote): Promise<void> {
  if (await isThere(holder)) signal(holder.pid, "SIGTERM");
}

/** Kills the holder, unless it has ended; and its children that are not programs of their own yet, which have its lock. */
export async function killHolder(holder: HolderNote): Promise<void> {
  if (!(await isThere(holder))) return;
  const forks = await forksOf(holder.pid);
  for (const pid of [holder.pid, ...forks]) signal(pid, "SIGKILL");
}

async function isThere({ pid, startTicks: ticks }: HolderNote): Promise<boolean> {
  return (await startTicks(pid)) === ticks;
}

async function forksOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const own = await commandLine(pid);
  const forks: number[] = [];
  for (const child of children.split(" ").filter(Boolean).map(Number)) {
    if ((await commandLine(child)) === own) forks.push(child);
  }
  return forks;
}

async function commandLine(pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself, or belongs to somebody else: waiting tells.
  }
}

async function startTicks(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is a name in brackets that may hold blanks; the start is the 22nd field.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
