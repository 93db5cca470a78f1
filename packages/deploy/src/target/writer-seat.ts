import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { fenced, newerRun, refuseOlderRun, raiseFence } from "./run-fence.ts";
import { takeRunLock, type RunLock } from "./run-lock.ts";
import {
  holderNote,
  isSameProcess,
  ourHolder,
  killHolder,
  stopHolder,
  type HolderNote,
  type WriterIdentity,
} from "./seat-holder.ts";
import { TargetWorkError } from "./target-error.ts";
import type { TargetPaths } from "./target-paths.ts";

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
  if (identity.kind === "worker") await refuseOlderRun(paths, identity.run);
  const lockFile = join(paths.state, "lock");
  const lock = (await takeRunLock(lockFile, 0)) ?? (await waitForHolder(paths, identity, times, lockFile));
  if (identity.kind === "worker") await refuseOlderRun(paths, identity.run);
  await holderNote(paths).write(await ourHolder(identity));
  if (identity.kind === "worker") await raiseFence(paths, identity.run);
  return seat(paths, identity, lock);
}

function seat(paths: TargetPaths, identity: WriterIdentity, lock: RunLock): WriterSeat {
  return {
    marker: lock.marker,
    assertHeld: async () => {
      const newer = identity.kind === "worker" ? await newerRun(paths, identity.run) : undefined;
      if (newer !== undefined) throw fenced(newer);
    },
    release: async () => {
      await holderNote(paths).clear();
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
  let holder = await holderNote(paths).read();
  for (;;) {
    const lock = await outwait(holder, { paths, identity, times, lockFile, forOthers });
    if (lock !== undefined) return lock;
    const next = await holderNote(paths).read();
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
  if (isWorker) await raiseFence(paths, identity.run);
  await stopHolder(holder);
  const lock = await takeRunLock(lockFile, patience);
  if (lock !== undefined) return lock;
  await killHolder(holder);
  return await takeRunLock(lockFile, patience);
}

function busy(paths: TargetPaths, holder: HolderNote | undefined): TargetWorkError {
  const who = holder === undefined ? "another process" : `${holder.user}, process ${holder.pid}`;
  return new TargetWorkError(`${paths.repo} is being changed on this host by ${who}`, {
    code: "TARGET_BUSY",
    hint: "Wait until it is finished, then deploy again.",
  });
}
