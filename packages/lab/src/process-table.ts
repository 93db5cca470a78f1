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
  return raw === "" ? undefined : { pid, command: raw.replaceAll("\0", " ").trimEnd() };
}

/** Processor time of a process and of the children it has waited for, in milliseconds. */
export async function processCpuMs(pid: number): Promise<number> {
  const stat = await readProc(pid, "stat");
  if (stat === undefined) return 0;
  // Fields 14 to 17; the command's name before them may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
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
    const states = await Promise.all(pids.map(async (pid) => stateOf(await readProc(pid, "stat"))));
    if (states.every((state) => STANDING_STILL.has(state))) return;
    signalAll(pids, "SIGSTOP");
    await sleep(5);
  }
}

const STOP_ROUNDS = 200;
/** Stopped, traced, zombie, gone. */
const STANDING_STILL = new Set(["T", "t", "Z", "X", ""]);

function stateOf(stat: string | undefined): string {
  return stat === undefined ? "" : stat.charAt(stat.lastIndexOf(")") + 2);
}

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
