import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabProcess } from "./lab.ts";

// Nothing here waits: the kernel answers from memory, and to ask it through the thread pool costs six times as much, which
// is seconds where two hundred hosts look through the processes of two hundred hosts.

/** Ids of every process of this machine that can be seen. Empty where there is no `/proc`. */
export function allPids(): number[] {
  const names = unlessGone(() => readdirSync("/proc")) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Reads one file below `/proc/<pid>`; `undefined` when the process has gone meanwhile. */
export function readProc(
  pid: number,
  file: string,
  encoding: "latin1" | "utf8" = "latin1",
): string | undefined {
  return unlessGone(() => readFileSync(`/proc/${pid}/${file}`, encoding));
}

/** Where one link below `/proc/<pid>` leads; `undefined` when the process has gone meanwhile. */
export function readProcLink(pid: number, link: string): string | undefined {
  return unlessGone(() => readlinkSync(`/proc/${pid}/${link}`));
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The process with its command line; `undefined` when it is gone or a zombie. */
export function describeProcess(pid: number): LabProcess | undefined {
  const raw = readProc(pid, "cmdline", "utf8") ?? "";
  const stat = readStat(pid);
  if (raw === "" || stat === undefined) return undefined;
  return { pid, parentPid: Number(stat[STAT.parentPid]), command: raw.replaceAll("\0", " ").trimEnd() };
}

/** Fields of `/proc/<pid>/stat` after the command's name, which may itself hold blanks and brackets. */
export const STAT = {
  state: 0,
  parentPid: 1,
  userTicks: 11,
  childrenSystemTicks: 14,
  startTime: 19,
} as const;

/** Reads them; `undefined` when the process is gone. */
export function readStat(pid: number): readonly string[] | undefined {
  const stat = readProc(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Processor time of a process and of the children it has waited for, in milliseconds. */
export function processCpuMs(pid: number): number {
  const stat = readStat(pid);
  const times = stat?.slice(STAT.userTicks, STAT.childrenSystemTicks + 1) ?? [];
  const ticks = times.reduce((sum, field) => sum + Number(field), 0);
  return ticks * MS_PER_TICK;
}

/** Linux reports 100 ticks a second to programs on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/**
 * Stops processes and waits until they stand still. Asks for the list again each time, because one that was not yet
 * stopped may have started another.
 */
export async function stopAll(list: () => readonly number[]): Promise<void> {
  for (let round = 0; round < STOP_ROUNDS; round++) {
    const pids = list();
    const states = pids.map((pid) => readStat(pid)?.[STAT.state]);
    if (states.every((state) => state === undefined || STANDING_STILL.has(state))) return;
    signalAll(pids, "SIGSTOP");
    await sleep(5);
  }
}

const STOP_ROUNDS = 200;
/** Stopped, traced, zombie, dead. */
const STANDING_STILL = new Set(["T", "t", "Z", "X"]);

/** Signals processes that may have ended already; tells how many were there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): number {
  let count = 0;
  for (const pid of pids) if (signalOne(pid, signal)) count++;
  return count;
}

/** Signals one process, or with a negative id its group; false when it has ended already. */
export function signalOne(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
