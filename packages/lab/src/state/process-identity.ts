import { readStat, signalOne, STAT } from "../process-table.ts";

/** A process, told apart from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the kernel's own unit; absent where there is no `/proc`. */
  readonly startTime?: string;
}

/** Describes a running process. */
export function identifyProcess(pid: number): ProcessIdentity {
  const startTime = startTimeOf(pid);
  return startTime === undefined ? { pid } : { pid, startTime };
}

/** Tells whether the process still runs. */
export function isSameProcess({ pid, startTime }: ProcessIdentity): boolean {
  if (startTime !== undefined) return startTimeOf(pid) === startTime;
  // Signal 0 only asks.
  return signalOne(pid, 0);
}

function startTimeOf(pid: number): string | undefined {
  const stat = readStat(pid);
  const isZombie = stat?.[STAT.state] === "Z";
  return isZombie ? undefined : stat?.[STAT.startTime];
}
