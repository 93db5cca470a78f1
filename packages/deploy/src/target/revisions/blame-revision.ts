import type { StageName } from "../../stage.ts";
import { isSymptom } from "../../symptoms.ts";
import { readRevisionLinks } from "./revisions.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";
import { writeVerdict } from "./verdicts.ts";

/** Stages that try a new revision. */
const TRIALS: readonly StageName[] = ["fetch", "config_deploy", "promote", "handle_service"];

/**
 * Marks the revision as bad when it failed by itself: not when its work was stopped, by somebody or because its time was up.
 * One that was finalized here has proved itself and stays good.
 */
export async function blameRevision(
  { info, paths, signal }: StageContext,
  stage: StageName,
  failure: unknown,
): Promise<void> {
  if (!TRIALS.includes(stage) || !(failure instanceof TargetWorkError)) return;
  if (signal.aborted || !isSymptom(failure.code)) return;
  const { current, done } = await readRevisionLinks(paths);
  const isOfAnother = stage === "handle_service" && current !== info.commit;
  if (info.commit === done || isOfAnother) return;
  await writeVerdict(paths, info.commit, { verdict: "bad", reason: failure.message });
}
