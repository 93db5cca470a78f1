import { goBack } from "./go-back.ts";
import { leaseNote } from "./lease.ts";
import { drainedNote, unsettledNote } from "../state-notes.ts";
import { readRevisionLinks } from "../revisions/revisions.ts";
import { runStages } from "../stages/run-stages.ts";
import type { StageContext } from "../stage-context.ts";
import { repairSwitch } from "../revisions/repair-switch.ts";
import { resolveTargetPaths, targetPaths } from "../target-paths.ts";
import { unattendedContext, type UnattendedHost } from "./unattended-context.ts";
import { newerRun } from "../run-fence.ts";
import { takeWriterSeat } from "../writer-seat.ts";

/** What {@link finishUnit} needs. */
export interface FinishUnitOptions extends UnattendedHost {
  readonly repo: string;
  readonly gitDeployDir: string;
  /** The run that was interrupted. */
  readonly run: string;
  readonly group: string | undefined;
  readonly timeoutMs: number;
  /** Told to stop: a worker wants the host, and decides then. */
  readonly signal: AbortSignal;
}

/** Seconds in which the lock is freed of what an interrupted worker had started. */
const LOCK_SECONDS = 10;

/**
 * Brings a switch to an end that its worker could not: the services are restarted and the checks run as the deployment
 * would have done it. If that fails, the host goes back to its done revision. The lease of the interrupted run goes on as
 * it is; one that has ended takes the host back. A newer run is left alone.
 *
 * @throws TargetWorkError when the host could not be brought to an end now
 */
export async function finishUnit(options: FinishUnitOptions): Promise<void> {
  const { gitDeployDir, logger, repo, run } = options;
  const paths = await resolveTargetPaths(targetPaths(repo, gitDeployDir));
  if ((await newerRun(paths, run)) !== undefined) return;
  const identity = { kind: "finisher", run } as const;
  const seat = await takeWriterSeat(paths, identity, { commandSeconds: LOCK_SECONDS });
  try {
    if ((await newerRun(paths, run)) !== undefined) return;
    const assertHeld = async (): Promise<void> => await seat.assertHeld();
    await repairSwitch({ paths, now: new Date(), assertHeld });
    const place = { ...options, paths, assertHeld, marker: seat.marker };
    await goBack(place);
    const context = await unattendedContext(place);
    const stage = await interruptedStage(context);
    if (stage === undefined) return;
    logger.warning("The deployment was interrupted in the middle of %s: bringing it to an end", {
      args: [stage],
    });
    // Promoting without a lease would confirm the revision, which only the deploy server does.
    const isLeased = (await leaseNote(paths).read())?.run === run;
    await finish(stage, isLeased ? { ...context, startLease: async () => {} } : context);
  } finally {
    await seat.release();
  }
}

type Finish = "promote" | "rollback" | "handle_service";

/** What is to be done again; undefined when the unit is whole. */
async function interruptedStage({ info, paths }: StageContext): Promise<Finish | undefined> {
  const unsettled = await unsettledNote(paths).read();
  const isDrained = (await drainedNote(paths).read()) !== undefined;
  const { done } = await readRevisionLinks(paths);
  if (unsettled === undefined) return isDrained && done !== null ? "rollback" : undefined;
  if (unsettled.revision === info.commit) return "promote";
  return unsettled.revision === done ? "rollback" : "handle_service";
}

async function finish(stage: Finish, context: StageContext): Promise<void> {
  const { logger, paths, signal } = context;
  try {
    await runStages([stage], context);
    // Only stages that switch settle the host by themselves.
    await unsettledNote(paths).clear();
  } catch (cause) {
    const { done } = await readRevisionLinks(paths);
    if (stage !== "promote" || done === null || signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    logger.error("%s: going back to %s", { args: [reason, done] });
    await runStages(["rollback"], { ...context, leaving: { verdict: "unknown", reason } });
  }
}
