import type { StageResult } from "../protocol.ts";
import type { StageName } from "../stage.ts";
import type { Stage, StageContext } from "./stage-context.ts";
import { stageChecks } from "./stage-checks.ts";
import { configDeployStage } from "./stages/config-deploy.ts";
import { configDiffStage } from "./stages/config-diff.ts";
import { fetchStage } from "./stages/fetch.ts";
import { finalizeStage } from "./stages/finalize.ts";
import { handleServiceStage } from "./stages/handle-service.ts";
import { promoteStage } from "./stages/promote.ts";
import { rollbackStage } from "./stages/rollback.ts";

const WORK: Readonly<Record<StageName, Stage>> = {
  fetch: fetchStage,
  config_deploy: configDeployStage,
  promote: promoteStage,
  handle_service: handleServiceStage,
  rollback: rollbackStage,
  config_diff: configDiffStage,
  finalize: finalizeStage,
};

/**
 * Runs stages in order, each between its checks; a stage may bring others with it. Checks after a stage that had nothing to
 * do are skipped.
 *
 * @throws the first failure; nothing runs after it
 */
export async function runStages(stages: readonly StageName[], context: StageContext): Promise<StageResult> {
  const checks = stageChecks(context);
  const queue = [...stages];
  const ran: { stage: StageName; durationMs: number; noop: boolean }[] = [];
  for (let stage = queue.shift(); stage !== undefined; stage = queue.shift()) {
    context.signal.throwIfAborted();
    const started = performance.now();
    await checks.run(context, stage, "before");
    const { next = [], noop } = await WORK[stage](context);
    if (stage === "fetch") checks.requireScripts(context);
    if (!noop) await checks.run(context, stage, "after");
    queue.unshift(...next);
    ran.push({ stage, noop, durationMs: performance.now() - started });
  }
  return { noop: ran.every(({ noop }) => noop), stages: ran };
}
