import type { DeployEvent } from "@scap/events";
import { startTimer } from "@scap/log";
import { serialiseDeployInfo } from "../serialise-deploy-info.ts";
import { abortedText, displayName, finishedText, startedText } from "./run/announcement.ts";
import type { DeployIdentity } from "./publish/deploy-identity.ts";
import type { DeployOptions } from "./deploy-options.ts";
import { eventLevel, eventText } from "./run/event-text.ts";
import { groupLimitsText } from "./run/group-limits.ts";
import type { DeployResult } from "./run/host-runs.ts";
import { publishDeployment } from "./publish/publish.ts";
import { runOnFleet } from "./run-on-fleet.ts";

/**
 * Carries a prepared deployment out: publishes it, runs it on the targets, rolls back when a group fails.
 *
 * Failing hosts are part of the result; it throws only when the deployment as a whole cannot go on.
 */
export async function deploy(options: DeployOptions, identity: DeployIdentity): Promise<DeployResult> {
  const { logger, prepared, stats } = options;
  const timer = startTimer({
    label: displayName(prepared.plan),
    name: "deploy",
    logger,
    ...(stats === undefined ? {} : { stats }),
  });
  try {
    logger.info("Deploying revision %s (%s)", { args: [prepared.plan.revision, prepared.plan.commit] });
    if (prepared.plan.mode !== "init") logger.info("%s", { args: [groupLimitsText(prepared)] });
    return await publishAndRun(options, identity);
  } finally {
    timer.end();
  }
}

async function publishAndRun(options: DeployOptions, identity: DeployIdentity): Promise<DeployResult> {
  const { announce, message, prepared } = options;
  const { plan } = prepared;
  const name = displayName(plan);
  const started = performance.now();
  const yaml = await publish(options, identity);
  for (const check of prepared.switchedOffChecks) {
    options.logger.info('Check "%s" is switched off', { args: [check] });
  }
  if (plan.mode === "init") return { outcome: "ok", deployed: [], failedHosts: [], untouched: [] };
  const announces = announcesRun(plan.mode);
  if (announces) announce(startedText(name, message));
  emitStarted(options, identity);
  const result = await runOnFleet({ options, identity, yaml, emit: (event) => emit(options, event) });
  const durationMs = performance.now() - started;
  emit(options, { event: "deploy.finished", ...pick(result), durationMs });
  if (announces) {
    const { outcome } = result;
    const wasStopped = outcome === "interrupted" || (options.stop.aborted && outcome !== "ok");
    announce(wasStopped ? abortedText(message, durationMs) : finishedText(name, message, durationMs));
  }
  return result;
}

/** Whether others are told about a run: one that changes no target is nobody's business. */
export function announcesRun(mode: string): boolean {
  return mode !== "dry-run" && mode !== "init";
}

async function publish({ prepared, clock }: DeployOptions, identity: DeployIdentity): Promise<string> {
  const { user, timestamp, tag } = identity;
  const info = { ...prepared.info, user, timestamp };
  if (tag === null)
    return serialiseDeployInfo({ ...info, tag: (await prepared.repository.lastDeployTag()) ?? "" });
  const published = await publishDeployment({
    repository: prepared.repository,
    tag,
    info,
    user,
    timestamp,
    tagsToKeep: prepared.settings.tagsToKeep,
    now: clock?.() ?? new Date(),
    submodules: prepared.settings.hasSubmodules,
    lfs: prepared.settings.hasLfs,
    orderedChecks: prepared.settings.hasPythonOrderedChecks,
  });
  return published.yaml;
}

function emitStarted(options: DeployOptions, { caller, tag, user }: DeployIdentity): void {
  const { commit, environment, groups, mode, repo, revision, services } = options.prepared.plan;
  const stages = groups[0]?.stages.map(({ stage }) => stage) ?? [];
  const resumed = options.resume?.of.started.tag ?? undefined;
  emit(options, {
    event: "deploy.started",
    mode,
    repo,
    environment,
    commit,
    revision,
    tag,
    user,
    ...caller,
    message: options.message,
    stages,
    ...(services === undefined ? {} : { services }),
    ...(resumed === undefined ? {} : { resumes: resumed }),
    groups: groups.map(({ name, hosts, failureLimit }) => ({ name, hosts, failureLimit })),
  });
}

function emit({ logger }: DeployOptions, event: DeployEvent): void {
  logger.log(eventLevel(event), eventText(event), { ...event });
}

function pick({ outcome, deployed, failedHosts, untouched }: DeployResult): Omit<DeployResult, "reason"> {
  return { outcome, deployed, failedHosts, untouched };
}
