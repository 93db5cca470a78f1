import type { SshPool } from "@scap/ssh-job";
import { serialiseDeployInfo } from "../../serialise-deploy-info.ts";
import { DeployError, TargetError } from "../../errors.ts";
import type { Runtimes } from "../delivery/runtimes.ts";
import type { DeployIdentity } from "../publish/deploy-identity.ts";
import { prepareDeployment, type DeployRequest, type PreparedDeployment } from "../plan/prepare.ts";
import { createRevisionPacks } from "../fleet/revision-packs.ts";
import { SshFleet } from "../fleet/ssh-fleet.ts";
import type { WorkerFile } from "../delivery/worker-delivery.ts";
import type { BrokenReturn } from "./check-hosts.ts";

export interface RestoreReturnsOptions {
  /** As for a deployment; its revision is replaced by that of each host. */
  readonly request: DeployRequest;
  readonly returns: readonly BrokenReturn[];
  /** Names the run; made with the deploy lock held. */
  readonly identity: Pick<DeployIdentity, "run" | "user" | "timestamp">;
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  readonly runtimes: Runtimes;
  readonly abort: AbortSignal;
}

/** How restoring went on one host. */
export interface RestoredReturn {
  readonly host: string;
  readonly commit: string;
  /** Why it did not work. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Makes the revisions that hosts would go back to whole again. Failing hosts are part of the result. */
export async function restoreReturns(options: RestoreReturnsOptions): Promise<RestoredReturn[]> {
  const commits = [...new Set(options.returns.map(({ commit }) => commit))];
  const results: RestoredReturn[] = [];
  for (const commit of commits) {
    const returns = options.returns.filter((each) => each.commit === commit);
    results.push(...(await restoreCommit(options, commit, returns)));
  }
  return results;
}

async function restoreCommit(
  options: RestoreReturnsOptions,
  commit: string,
  returns: readonly BrokenReturn[],
): Promise<RestoredReturn[]> {
  try {
    const prepared = await prepareDeployment({ ...options.request, revision: commit });
    return await onHosts(options, prepared, returns);
  } catch (error) {
    // Such as a revision that the deploy server no longer has.
    const failure = failureOf(error);
    return returns.map(({ host }) => ({ host, commit, failure }));
  }
}

async function onHosts(
  { abort, identity, pool, runtimes, workerFile }: RestoreReturnsOptions,
  { info, plan, repository, settings }: PreparedDeployment,
  returns: readonly BrokenReturn[],
): Promise<RestoredReturn[]> {
  const { commit } = plan;
  const submodules = settings.hasSubmodules && !settings.hasUpstreamSubmodules;
  const packs =
    plan.transfer === "ssh"
      ? createRevisionPacks({ repository, commit, tag: null, submodules, largeFiles: settings.hasLfs })
      : undefined;
  const { connectTimeoutMs, gitDeployDir, stageTimeoutMs, umask } = settings;
  const fleet = new SshFleet({
    ...{ abort, pool, runtimes, workerFile, connectTimeoutMs, gitDeployDir, stageTimeoutMs, umask },
    ...{ repo: plan.repo, run: identity.run, writer: true, force: true, commit, onLine: () => {} },
    ...(packs === undefined ? {} : { packs }),
  });
  const { timestamp, user } = identity;
  const yaml = serialiseDeployInfo({ ...info, tag: "", timestamp, user });
  const restore = async ({ hasObjects, host, isWhole }: BrokenReturn): Promise<RestoredReturn> => {
    try {
      if (isWhole) await fleet.repair(host);
      else await fleet.restore(host, yaml, hasObjects);
      return { host, commit };
    } catch (error) {
      return { host, commit, failure: failureOf(error) };
    }
  };
  try {
    return await inLanes(returns, settings.batchSize("fetch"), restore);
  } finally {
    await fleet.close();
    await packs?.close();
  }
}

async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

/** Errors without a code are bugs of ours, and end the run. */
function failureOf(error: unknown): { code: string; message: string } {
  if (error instanceof TargetError || error instanceof DeployError)
    return { code: error.code, message: error.message };
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return { code: error.code, message: error.message };
  }
  throw error;
}
