import { hostname } from "node:os";
import { accountName } from "@scap/config";
import { startTimer, type Logger, type StatsClient } from "@scap/log";
import type { SshPool } from "@scap/ssh-job";
import { abortedText, displayName, finishedText, startedText } from "./announcement.ts";
import type { DeployEvent } from "@scap/events";
import { serialiseDeployInfo } from "../deploy-info.ts";
import { eventLevel, eventText } from "./event-text.ts";
import { lastPublished } from "./deploy-head.ts";
import { allowsProbe, type NoopProbe } from "./noop-probe.ts";
import type { LeavingVerdict } from "./fleet.ts";
import type { DeployResult } from "./host-runs.ts";
import { orchestrate, type DeployQuestions } from "./orchestrate.ts";
import type { LoggedDeployment } from "./interrupted.ts";
import type { PreparedDeployment } from "./prepare.ts";
import type { ResumePoint } from "./resume.ts";
import { publishDeployment, sha256Of } from "./publish.ts";
import { createRevisionPacks } from "./revision-packs.ts";
import { SshFleet } from "./ssh-fleet.ts";
import { createLineRelay } from "./relay-line.ts";
import { deliveryNotes } from "./delivery/delivery-notes.ts";
import type { Runtimes } from "./delivery/runtimes.ts";
import type { WorkerFile } from "./worker-delivery.ts";

/** What a deployment needs besides its preparation. */
export interface DeployOptions {
  readonly prepared: PreparedDeployment;
  /** Why: goes into announcements, the lock and the log. */
  readonly message: string;
  readonly force: boolean;
  /** Whether a dry run shows what `remote_vars` brought in. The logger must not keep it then. @defaultValue false */
  readonly showsSecrets?: boolean;
  /** Whether a revision that is marked as bad on a host may be deployed there without asking. */
  readonly allowBad: boolean;
  /** For a rollback: what hosts are to remember of the revision that they leave. */
  readonly leaving?: LeavingVerdict;
  /** What this goes on with, and from where. */
  readonly resume?: ResumePoint & { readonly of: LoggedDeployment };
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  readonly questions: DeployQuestions & BadRevisionQuestion;
  /** What hosts without a fitting Node are sent. */
  readonly runtimes: Runtimes;
  /** Gets every event and every record of the targets. */
  readonly logger: Logger;
  /** Gets the duration, as the metric `scap.deploy`. */
  readonly stats?: StatsClient;
  /** Gets the announcements. */
  readonly announce: (text: string) => void;
  /** First wish to stop. */
  readonly stop: AbortSignal;
  /** Order to stop now. */
  readonly abort: AbortSignal;
  readonly clock?: () => Date;
}

/** A question that comes up when hosts are asked. */
export interface BadRevisionQuestion {
  /** A host marked the revision as bad: deploy it all the same? */
  useBad(host: string, reason: string): Promise<boolean>;
}

/** The names that a deployment has before it starts. */
export interface DeployIdentity {
  /** The tag that will be made; null for a run that makes none. */
  readonly tag: string | null;
  readonly user: string;
  readonly timestamp: string;
  /** Names the run for workers: later runs compare greater. */
  readonly run: string;
}

/**
 * Chooses tag, user and time of a deployment. Must be called with the deploy lock held.
 *
 * @param fencingRevision - grows with every lock that deploy servers share; where there is one, the order of runs does
 *   not depend on their clocks
 */
export async function identifyDeployment(
  prepared: PreparedDeployment,
  now: Date,
  fencingRevision?: bigint,
): Promise<DeployIdentity> {
  const { mode } = prepared.plan;
  const makesTag = mode === "deploy" || mode === "stages" || mode === "rollback" || mode === "init";
  const stamp = (await timeAfterLast(prepared, now)).toISOString();
  return {
    tag: makesTag ? await prepared.repository.nextDeployTag(now) : null,
    user: accountName(),
    // Python leaves the fraction out when it is zero.
    timestamp: stamp.endsWith(".000Z") ? stamp.slice(0, -5) : `${stamp.slice(0, -1)}000`,
    run: `${runOrder(stamp, fencingRevision)}-${hostname()}-${process.pid}`,
  };
}

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
  const result = await runOnFleet(options, identity, yaml);
  const durationMs = performance.now() - started;
  emit(options, { event: "deploy.finished", ...pick(result), durationMs });
  if (announces) {
    const interrupted = result.outcome === "interrupted";
    announce(interrupted ? abortedText(message, durationMs) : finishedText(name, message, durationMs));
  }
  return result;
}

/** How far a clock is believed to have been set back; a last deployment further ahead had a wrong clock itself. */
const LARGEST_STEP_MS = 24 * 3_600_000;

/** The time, but after the last deployment: targets refuse a run that is older than the one they know. */
async function timeAfterLast({ repository }: PreparedDeployment, now: Date): Promise<Date> {
  const { timestamp = "" } = (await lastPublished(repository.directory)) ?? {};
  const aheadMs = Date.parse(`${timestamp.replace(/Z$/, "")}Z`) - now.getTime();
  return aheadMs >= 0 && aheadMs < LARGEST_STEP_MS ? new Date(now.getTime() + aheadMs + 1) : now;
}

/** Any letter comes after the digits of a time: a run whose order is sure is newer than one that only has a clock. */
function runOrder(stamp: string, fencingRevision: bigint | undefined): string {
  const time = stamp.replaceAll(/\D/g, "");
  return fencingRevision === undefined ? time : `r${String(fencingRevision).padStart(20, "0")}-${time}`;
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

async function runOnFleet(
  options: DeployOptions,
  identity: DeployIdentity,
  yaml: string,
): Promise<DeployResult> {
  const { logger, prepared } = options;
  const { plan, repository, settings } = prepared;
  const needsRevision = plan.transfer === "ssh" && (plan.mode === "deploy" || plan.mode === "stages");
  const packs = needsRevision
    ? createRevisionPacks({
        repository,
        commit: plan.commit,
        tag: identity.tag,
        submodules: settings.hasSubmodules && !settings.hasUpstreamSubmodules,
        largeFiles: settings.hasLfs,
      })
    : undefined;
  const probe = probeOf(options, yaml);
  const fleet = new SshFleet({
    ...(probe === undefined ? {} : { probe }),
    pool: options.pool,
    workerFile: options.workerFile,
    runtimes: options.runtimes,
    onDelivery: deliveryNotes(logger),
    repo: plan.repo,
    gitDeployDir: settings.gitDeployDir,
    run: identity.run,
    writer: plan.mode !== "dry-run",
    force: options.force,
    showsSecrets: options.showsSecrets ?? false,
    connectTimeoutMs: settings.connectTimeoutMs,
    stageTimeoutMs: settings.stageTimeoutMs,
    deployInfo: { yaml, sha256: sha256Of(yaml), dryRun: identity.tag === null },
    commit: plan.commit,
    mayUseBad: async (host, reason) => options.allowBad || (await options.questions.useBad(host, reason)),
    ...(packs === undefined ? {} : { packs }),
    onLine: createLineRelay(logger),
    abort: options.abort,
  });
  try {
    const now = (): number => performance.now();
    const { leaving, questions, resume } = options;
    const stop = AbortSignal.any([options.stop, AbortSignal.timeout(settings.deployTimeoutMs)]);
    return await orchestrate({
      ...{ plan, fleet, questions, stop, now },
      ...(leaving === undefined ? {} : { leaving }),
      ...(resume === undefined ? {} : { resume }),
      emit: (event) => emit(options, event),
    });
  } finally {
    await fleet.close();
    await packs?.close();
  }
}

function probeOf({ force, prepared }: DeployOptions, yaml: string): NoopProbe | undefined {
  const { plan, settings } = prepared;
  const { configDeploy, gitDeployDir } = settings;
  if (!allowsProbe(plan, { force, configDeploy, hasChecksBefore: prepared.hasChecksBefore }))
    return undefined;
  return { repo: plan.repo, gitDeployDir, commit: plan.commit, deployInfo: yaml };
}

function emitStarted(options: DeployOptions, { tag, user }: DeployIdentity): void {
  const { commit, environment, groups, mode, repo, revision } = options.prepared.plan;
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
    message: options.message,
    stages,
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
