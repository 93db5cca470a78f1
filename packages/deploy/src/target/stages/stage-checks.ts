import { join } from "node:path";

import {
  CHECK_STAGES,
  checksFromDefinitions,
  prepareChecks,
  runChecks,
  selectChecks,
  selectHooks,
  type Check,
  type CheckHook,
  type ChecksResult,
} from "@scap/checks";

import type { StageName } from "../../stage.ts";
import { resolvedLink } from "../links.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";

/** The checks around the stages on this host. */
export interface StageChecks {
  /** Runs the checks before or after a stage. @throws TargetWorkError `CHECK_FAILED`, exit code 1 or 2. */
  run(
    context: StageContext,
    stage: StageName,
    when: "before" | "after",
    options?: { readonly once: boolean },
  ): Promise<void>;
  /** Whether the host is taken out of service around a switch. */
  hasHooks(context: StageContext): boolean;
  /**
   * Takes the host out of service or puts it back.
   *
   * @returns false when somebody else had taken it out of service, so that it was left so
   * @throws TargetWorkError `DRAIN_FAILED` or `POOL_FAILED`
   */
  runHooks(context: StageContext, hook: CheckHook): Promise<boolean>;
  /** Makes sure that the scripts of all checks are in the fetched revision. @throws when one is not. */
  requireScripts(context: StageContext): void;
}

/** An old name of `handle_service`, still found in repositories. */
const OLD_STAGE_NAME = "restart_service";

/**
 * Reads the checks of a deploy info.
 *
 * @throws TargetWorkError `BAD_CHECK` when a check names an unknown stage, before anything runs
 */
export function stageChecks(context: Pick<StageContext, "info">): StageChecks {
  const { info } = context;
  const checks = info.perform_checks
    ? checksFromDefinitions(info.checks, { source: "deploy info" }).checks
    : [];
  for (const check of checks) requireKnownStages(check);
  return {
    run: async (stageContext, stage, when, { once } = { once: false }) => {
      const { group } = stageContext;
      const selected = selectChecks({ checks, stage, when, once, group });
      if (selected.length === 0) return;
      const result = await runChecks({ ...(await surroundings(stageContext)), checks: selected });
      if (!result.isSuccess) throw failed(result, stage, when);
    },
    hasHooks: ({ group }) => checks.some((check) => check.hook !== undefined && isFor(check, group)),
    runHooks: async (stageContext, hook) => {
      const { group } = stageContext;
      const selected = selectHooks(checks, { hook, group });
      if (selected.length === 0) return true;
      const result = await runChecks({ ...(await surroundings(stageContext)), checks: selected });
      if (!result.isSuccess) throw hookFailed(result, hook);
      return result.results.some(({ isNoop }) => isNoop !== true);
    },
    requireScripts: ({ group, paths }) => {
      const scripts = checks.filter((check) => check.type === "script" && isFor(check, group));
      prepareChecks({ checks: scripts, scriptsDir: scriptsDirectory(paths.rev(info.commit)) });
    },
  };
}

function isFor(check: Check, group: string | undefined): boolean {
  return group === undefined || (check.group ?? group) === group;
}

async function surroundings(context: StageContext) {
  const { environment, info, logger, paths, signal } = context;
  const [current, done] = await Promise.all([resolvedLink(paths.current), resolvedLink(paths.done)]);
  return {
    cwd: paths.root,
    env: {
      ...environment,
      SCAP_REVS_DIR: paths.revs,
      SCAP_FINAL_PATH: paths.final,
      SCAP_REV_PATH: paths.rev(info.commit),
      SCAP_CURRENT_REV_DIR: current ?? undefined,
      SCAP_DONE_REV_DIR: done ?? undefined,
    },
    nrpeDir: info.nrpe_dir,
    scriptsDir: scriptsDirectory(paths.rev(info.commit)),
    logger: logger.named("checks"),
    signal,
  };
}

function scriptsDirectory(revision: string): string {
  return join(revision, "scap", "scripts");
}

function requireKnownStages(check: Check): void {
  for (const name of [check.before, check.after]) {
    if (name === undefined || name === OLD_STAGE_NAME || CHECK_STAGES.includes(name)) continue;
    throw new TargetWorkError(
      `Check ${JSON.stringify(check.name)} names the unknown stage ${JSON.stringify(name)}`,
      {
        code: "BAD_CHECK",
        hint: `Stages are ${CHECK_STAGES.join(", ")}.`,
      },
    );
  }
}

const OUTPUT_KEPT = 4_000;

function failed(result: ChecksResult, stage: StageName, when: "before" | "after"): TargetWorkError {
  return new TargetWorkError(`Checks ${when} ${stage}: ${result.summary}`, {
    code: "CHECK_FAILED",
    exitCode: result.exitStatus,
    output: outputOf(result),
  });
}

/** The load balancer is not the revision's fault, so this is no failed check. */
function hookFailed(result: ChecksResult, hook: CheckHook): TargetWorkError {
  const failures = result.results.flatMap(({ name, reason, status }) =>
    status === "passed" ? [] : [`${name === hook ? "" : `${name}: `}${reason ?? status}`],
  );
  return new TargetWorkError(`Hook ${hook}: ${failures.join("; ")}`, {
    code: hook === "drain" ? "DRAIN_FAILED" : "POOL_FAILED",
    exitCode: result.exitStatus,
    hint:
      hook === "drain"
        ? "The revision was not switched. Look at the load balancer, then deploy again."
        : "The host may be out of service. Look at the load balancer; the next deployment or rollback puts it back.",
    output: outputOf(result),
  });
}

function outputOf(result: ChecksResult): string {
  return result.results
    .filter(({ output, status }) => status !== "passed" && output.trim() !== "")
    .map((each) => `${each.name}: ${each.output}`)
    .join("\n")
    .slice(-OUTPUT_KEPT);
}
