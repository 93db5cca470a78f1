import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { LabProcess } from "./lab.ts";

/** Ids of every process of this machine that can be seen. Empty where there is no `/proc`. */
export async function allPids(): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Reads one file below `/proc/<pid>`; `undefined` when the process has gone meanwhile. */
export async function readProc(pid: number, file: string): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, "latin1").catch(() => undefined);
}

/** The process with its command line; `undefined` when it is gone or a zombie. */
export async function describeProcess(pid: number): Promise<LabProcess | undefined> {
  const raw = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  const stat = await readStat(pid);
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
export async function readStat(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readProc(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Processor time of a process and of the children it has waited for, in milliseconds. */
export async function processCpuMs(pid: number): Promise<number> {
  const stat = await readStat(pid);
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
export async function stopAll(list: () => Promise<readonly number[]>): Promise<void> {
  for (let round = 0; round < STOP_ROUNDS; round++) {
    const pids = await list();
    const states = await Promise.all(pids.map(async (pid) => (await readStat(pid))?.[STAT.state]));
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
