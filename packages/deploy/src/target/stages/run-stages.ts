import type { StageResult } from "../../protocol.ts";
import type { StageName } from "../../stage.ts";
import { blameRevision } from "../revisions/blame-revision.ts";
import type { DrainOptions, Stage, StageContext } from "../stage-context.ts";
import { stageChecks, type StageChecks } from "./stage-checks.ts";
import { configDeployStage } from "./config-deploy.ts";
import { configDiffStage } from "./config-diff.ts";
import { fetchStage } from "./fetch.ts";
import { finalizeStage } from "./finalize.ts";
import { handleServiceStage } from "./handle-service.ts";
import { promoteStage } from "./promote.ts";
import { rollbackStage } from "./rollback.ts";
import { unsettledNote } from "../state-notes.ts";
import { drain, putBack } from "./out-of-service.ts";

const WORK: Readonly<Record<StageName, Stage>> = {
  fetch: fetchStage,
  config_deploy: configDeployStage,
  promote: promoteStage,
  handle_service: handleServiceStage,
  rollback: rollbackStage,
  config_diff: configDiffStage,
  finalize: finalizeStage,
};

/** Stages that switch; once they, their services and checks are through, the host is settled. */
const SWITCHES: readonly StageName[] = ["promote", "rollback"];

/**
 * Runs stages in order, each between its checks; a stage may bring others with it. Checks after a stage that had nothing to
 * do are skipped.
 *
 * @throws the first failure; nothing runs after it
 */
export async function runStages(stages: readonly StageName[], context: StageContext): Promise<StageResult> {
  const checks = stageChecks(context);
  const working = { ...context, drain: (options?: DrainOptions) => drain(context, checks, options) };
  const queue = [...stages];
  const ran: { stage: StageName; durationMs: number; noop: boolean }[] = [];
  let isUnfinished = false;
  let isEmptied = false;
  for (let stage = queue.shift(); stage !== undefined; stage = queue.shift()) {
    context.signal.throwIfAborted();
    const started = performance.now();
    const outcome = await runStage(stage, working, checks);
    queue.unshift(...(outcome.next ?? []));
    isUnfinished ||= outcome.isUnfinished === true;
    isEmptied ||= outcome.isEmptied === true;
    ran.push({ stage, noop: outcome.noop, durationMs: performance.now() - started });
  }
  if (await isThrough(ran, context)) {
    await putBack(context, checks, { mayFail: isEmptied });
    await unsettledNote(context.paths).clear();
  }
  return { noop: ran.every(({ noop }) => noop), isUnfinished, stages: ran };
}

/** Whether nothing of the last switch is left to do. */
async function isThrough(
  ran: readonly { readonly stage: StageName }[],
  { paths }: StageContext,
): Promise<boolean> {
  if (ran.some(({ stage }) => SWITCHES.includes(stage))) return true;
  const hasHandled = ran.some(({ stage }) => stage === "handle_service");
  return hasHandled && (await unsettledNote(paths).read())?.left === "handle_service";
}

/**
 * Runs the tasks around a stage that one host of a group runs for all.
 *
 * @throws TargetWorkError `CHECK_FAILED`
 */
export async function runTasks(
  stage: StageName,
  when: "before" | "after",
  context: StageContext,
): Promise<StageResult> {
  await context.assertHeld();
  await stageChecks(context).run(context, stage, when, { once: true });
  return { noop: false, isUnfinished: false, stages: [] };
}

async function runStage(
  stage: StageName,
  context: StageContext,
  checks: StageChecks,
): Promise<Awaited<ReturnType<Stage>>> {
  await checks.run(context, stage, "before");
  try {
    const outcome = await WORK[stage](context);
    if (stage === "fetch") checks.requireScripts(context);
    if (!outcome.noop) await checks.run(context, stage, "after");
    return outcome;
  } catch (cause) {
    if (stage === "handle_service") await noteServices(context);
    await blameRevision(context, stage, cause);
    throw cause;
  }
}

/** A restart of the services alone may then settle the host. */
async function noteServices({ paths }: StageContext): Promise<void> {
  const note = unsettledNote(paths);
  const before = await note.read();
  if (before !== undefined) await note.write({ ...before, left: "handle_service" });
}
