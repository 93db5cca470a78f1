import { readStat, signalOne, STAT } from "../process-table.ts";

/** A process, told apart from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's own unit; absent where there is no `/proc`. */
  readonly startTime?: string;
}

/** Describes a running process. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity> {
  const startTime = await startTimeOf(pid);
  return startTime === undefined ? { pid } : { pid, startTime };
}

/** Tells whether the process still runs. */
export async function isSameProcess({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  if (startTime !== undefined) return (await startTimeOf(pid)) === startTime;
  // Signal 0 only asks.
  return signalOne(pid, 0);
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  const stat = await readStat(pid);
  const isZombie = stat?.[STAT.state] === "Z";
  return isZombie ? undefined : stat?.[STAT.startTime];
}
