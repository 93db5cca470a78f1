import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { userInfo } from "node:os";

import { bootId, secondsSinceBoot } from "./host-clock.ts";
import { takeRunLock, type RunLock } from "./run-lock.ts";
import { TargetWorkError } from "./target-error.ts";
import type { TargetPaths } from "./target-paths.ts";
import { writeFileAtomically } from "./write-file.ts";

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

/** The right to change a repository on this target: one holder at a time. */
export interface WriterSeat {
  /** See {@link RunLock.marker}. */
  readonly marker: string;
  /**
   * Call before every visible change.
   *
   * @throws TargetWorkError `FENCED` once a newer run has asked for the seat.
   */
  assertHeld(): Promise<void>;
  release(): Promise<void>;
}

/** How long a seat is waited for, and for how long a finished newer run keeps older ones out. */
export interface SeatTimes {
  /**
   * Patience with a holder that does not yield, in seconds. @defaultValue 60 for a command, 20 for a worker, whose deploy
   * server waits for it
   */
  readonly commandSeconds?: number;
  /** Time for an older worker to stop by itself before it is killed, in seconds. @defaultValue 4 */
  readonly yieldSeconds?: number;
}

interface HolderNote extends WriterIdentity {
  readonly pid: number;
  /** Tells a process from a later one with the same id: its start, in clock ticks since boot. */
  readonly startTicks: string;
  readonly user: string;
}

/**
 * A newer run that was here this recently keeps older ones out, in seconds; after that the deploy server's clock was
 * wrong. No older worker has lived through a boot.
 */
const FENCE_LASTS_SECONDS = 15 * 60;

/**
 * Takes the seat. A worker of an older run is told to stop, and killed when it does not.
 *
 * @throws TargetWorkError `FENCED` when a newer run has or had the seat, `TARGET_BUSY` when its holder does not end.
 */
export async function takeWriterSeat(
  paths: TargetPaths,
  identity: WriterIdentity,
  times: SeatTimes = {},
): Promise<WriterSeat> {
  await mkdir(paths.state, { recursive: true });
  await refuseOlderRun(paths, identity);
  const lockFile = join(paths.state, "lock");
  const lock = (await takeRunLock(lockFile, 0)) ?? (await waitForHolder(paths, identity, times, lockFile));
  await refuseOlderRun(paths, identity);
  await writeNotes(paths, identity);
  return seat(paths, identity, lock);
}

function seat(paths: TargetPaths, identity: WriterIdentity, lock: RunLock): WriterSeat {
  return {
    marker: lock.marker,
    assertHeld: async () => {
      const fence = identity.kind === "worker" ? await readFence(paths) : undefined;
      if (fence !== undefined && fence.run > identity.run) throw fenced(fence.run);
    },
    release: async () => {
      await rm(holderFile(paths), { force: true });
      await lock.release();
    },
  };
}

/** Somebody else may take the seat while it is waited for, a guard for one; then that one is waited for in turn. */
async function waitForHolder(
  paths: TargetPaths,
  identity: WriterIdentity,
  times: SeatTimes,
  lockFile: string,
): Promise<RunLock> {
  const forOthers = times.commandSeconds ?? (identity.kind === "worker" ? 20 : 60);
  const until = performance.now() + forOthers * 1000;
  let holder = await readJson<HolderNote>(holderFile(paths));
  for (;;) {
    const lock = await outwait(holder, { paths, identity, times, lockFile, forOthers });
    if (lock !== undefined) return lock;
    const next = await readJson<HolderNote>(holderFile(paths));
    if (next === undefined || isSameProcess(next, holder) || performance.now() > until) {
      throw busy(paths, holder);
    }
    holder = next;
  }
}

interface Outwaiting {
  readonly paths: TargetPaths;
  readonly identity: WriterIdentity;
  readonly times: SeatTimes;
  readonly lockFile: string;
  /** Patience with a holder that does not yield, in seconds. */
  readonly forOthers: number;
}

/** Waits for one holder, which is told to stop and killed if it has to yield. */
async function outwait(
  holder: HolderNote | undefined,
  { forOthers, identity, lockFile, paths, times }: Outwaiting,
): Promise<RunLock | undefined> {
  const isWorker = holder?.kind === "worker" && identity.kind === "worker";
  if (isWorker && holder.run > identity.run) throw fenced(holder.run);
  const isOfRun = holder?.kind === "worker" || holder?.kind === "finisher";
  const isOwn = isOfRun && identity.kind === "guard" && holder.run === identity.run;
  const isFinisher = holder?.kind === "finisher" && identity.kind === "worker";
  if (!isWorker && !isOwn && !isFinisher) return await takeRunLock(lockFile, forOthers);
  const patience = times.yieldSeconds ?? 4;
  if (isWorker) await writeFence(paths, identity.run);
  await signalHolder(holder, "SIGTERM");
  const lock = await takeRunLock(lockFile, patience);
  if (lock !== undefined) return lock;
  await signalHolder(holder, "SIGKILL");
  return await takeRunLock(lockFile, patience);
}

function isSameProcess(one: HolderNote, other: HolderNote | undefined): boolean {
  return one.pid === other?.pid && one.startTicks === other.startTicks;
}

/** Whether a worker of a newer run has been on this host. */
export async function hasNewerRun(paths: TargetPaths, run: string): Promise<boolean> {
  return ((await readFence(paths))?.run ?? "") > run;
}

async function refuseOlderRun(paths: TargetPaths, identity: WriterIdentity): Promise<void> {
  if (identity.kind !== "worker") return;
  const fence = await readFence(paths);
  if (fence === undefined || fence.run <= identity.run || fence.boot !== (await bootId())) return;
  if ((await secondsSinceBoot()) - fence.atSeconds < FENCE_LASTS_SECONDS) throw fenced(fence.run);
}

function fenced(run: string): TargetWorkError {
  return new TargetWorkError(`A newer deployment of this repository (run ${run}) has taken over the host`, {
    code: "FENCED",
    hint: "Nothing more is changed here by this run. See scap status for what is live.",
  });
}

function busy(paths: TargetPaths, holder: HolderNote | undefined): TargetWorkError {
  const who = holder === undefined ? "another process" : `${holder.user}, process ${holder.pid}`;
  return new TargetWorkError(`${paths.repo} is being changed on this host by ${who}`, {
    code: "TARGET_BUSY",
    hint: "Wait until it is finished, then deploy again.",
  });
}

async function writeNotes(paths: TargetPaths, identity: WriterIdentity): Promise<void> {
  const note: HolderNote = {
    ...identity,
    pid: process.pid,
    startTicks: await startTicks(process.pid),
    user: userName(),
  };
  await writeFileAtomically(holderFile(paths), `${JSON.stringify(note)}\n`);
  if (identity.kind === "worker") await writeFence(paths, identity.run);
}

interface Fence {
  readonly run: string;
  /** When the run was here, in seconds since {@link Fence.boot}: nobody can set that clock. */
  readonly atSeconds: number;
  readonly boot: string;
}

async function writeFence(paths: TargetPaths, run: string): Promise<void> {
  const fence: Fence = { run, atSeconds: await secondsSinceBoot(), boot: await bootId() };
  await writeFileAtomically(join(paths.state, "fence"), `${JSON.stringify(fence)}\n`);
}

async function readFence(paths: TargetPaths): Promise<Fence | undefined> {
  return await readJson<Fence>(join(paths.state, "fence"));
}

function holderFile(paths: TargetPaths): string {
  return join(paths.state, "holder");
}

async function signalHolder(holder: HolderNote, signal: NodeJS.Signals): Promise<void> {
  if ((await startTicks(holder.pid)) !== holder.startTicks) return;
  try {
    process.kill(holder.pid, signal);
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

/** Our own notes: only a file cut short by a crash does not parse, and then it says nothing. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T; // written by writeFileAtomically above
  } catch {
    return undefined;
  }
}
