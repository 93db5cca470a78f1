import { readProc, signalOne } from "../process-table.ts";

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
  const stat = await readProc(pid, "stat");
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const isZombie = fields[0] === "Z";
  return isZombie ? undefined : fields[19];
}
