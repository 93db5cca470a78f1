import type { DeployEvent } from "@scap/events";
import { deliveryNotes } from "./delivery/delivery-notes.ts";
import type { DeployIdentity } from "./publish/deploy-identity.ts";
import type { DeployOptions } from "./deploy-options.ts";
import type { DeployResult } from "./run/host-runs.ts";
import { allowsProbe, type NoopProbe } from "./delivery/noop-probe.ts";
import { startDeployTimer } from "./run/deploy-timer.ts";
import { orchestrate } from "./run/orchestrate.ts";
import { sha256Of } from "./publish/publish.ts";
import { createLineRelay } from "./worker/relay-line.ts";
import { createRevisionPacks } from "./fleet/revision-packs.ts";
import { SshFleet } from "./fleet/ssh-fleet.ts";

/** A deployment that is published, and where what happens is told. */
export interface FleetRun {
  readonly options: DeployOptions;
  readonly identity: DeployIdentity;
  /** Text of the deploy info. */
  readonly yaml: string;
  readonly emit: (event: DeployEvent) => void;
}

/** Carries a published deployment out on its hosts, over connections that last as long as it. */
export async function runOnFleet({ emit, identity, options, yaml }: FleetRun): Promise<DeployResult> {
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
  const relay = createLineRelay(logger);
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
    umask: settings.umask,
    force: options.force,
    showsSecrets: options.showsSecrets ?? false,
    connectTimeoutMs: settings.connectTimeoutMs,
    stageTimeoutMs: settings.stageTimeoutMs,
    deployInfo: { yaml, sha256: sha256Of(yaml), dryRun: identity.tag === null },
    commit: plan.commit,
    mayUseBad: async (host, reason) => options.allowBad || (await options.questions.useBad(host, reason)),
    ...(packs === undefined ? {} : { packs }),
    onLine: relay.pass,
    abort: options.abort,
  });
  const timer = startDeployTimer(settings.deployTimeoutMs);
  try {
    const now = (): number => performance.now();
    const { abort, leaving, questions, resume } = options;
    const stop = AbortSignal.any([options.stop, timer.signal]);
    return await orchestrate({
      ...{ plan, fleet, questions, stop, abort, now },
      ...(leaving === undefined ? {} : { leaving }),
      ...(resume === undefined ? {} : { resume }),
      emit,
    });
  } finally {
    timer.stop();
    await fleet.close();
    relay.end();
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
