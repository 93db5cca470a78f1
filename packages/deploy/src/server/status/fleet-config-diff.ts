import { openRepository } from "@scap/git";
import { createLogger } from "@scap/log";
import type { SshPool } from "@scap/ssh-job";
import { DeployError, TargetError } from "../../errors.ts";
import { ConfigDiffs, type ConfigDiff } from "../../view/config-diffs.ts";
import type { Runtimes } from "../delivery/runtimes.ts";
import { deployHeadFile, readDeployHead } from "../publish/deploy-head.ts";
import { sha256Of } from "../publish/publish.ts";
import { createLineRelay } from "../worker/relay-line.ts";
import type { DeploySettings } from "../plan/settings.ts";
import { SshFleet } from "../fleet/ssh-fleet.ts";
import type { WorkerFile } from "../delivery/worker-delivery.ts";

export interface FleetConfigDiffOptions {
  /** Top of the checkout on the deploy server. */
  readonly checkout: string;
  readonly groups: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly settings: DeploySettings;
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  /** What hosts without a fitting Node are sent. */
  readonly runtimes: Runtimes;
  readonly showsSecrets: boolean;
  readonly abort: AbortSignal;
}

/** How rendered files on the hosts differ from what was deployed. */
export interface FleetConfigDiff {
  readonly diffs: readonly ConfigDiff[];
  readonly failures: readonly { readonly host: string; readonly code: string; readonly message: string }[];
}

/**
 * Renders what was deployed last anew on every host and compares it with the files that are live. Changes nothing.
 *
 * @throws DeployError `NOT_PUBLISHED` when nothing was deployed from this checkout
 */
export async function fleetConfigDiff(options: FleetConfigDiffOptions): Promise<FleetConfigDiff> {
  const { abort, groups, pool, runtimes, settings, showsSecrets, workerFile } = options;
  const yaml = await deployHead(options.checkout);
  const diffs = new ConfigDiffs();
  const logger = createLogger({
    name: "status",
    sinks: [{ write: (record) => void diffs.add(record), close: async () => {} }],
  });
  const fleet = new SshFleet({
    ...{ abort, pool, runtimes, showsSecrets, workerFile },
    ...{ repo: settings.repo, gitDeployDir: settings.gitDeployDir, run: "", writer: false, force: false },
    ...{ connectTimeoutMs: settings.connectTimeoutMs, stageTimeoutMs: settings.stageTimeoutMs },
    deployInfo: { yaml, sha256: sha256Of(yaml), dryRun: true },
    // Nothing goes to a log here, and a diff that ends somewhere would look complete.
    onLine: createLineRelay(logger, { mostBytes: Number.POSITIVE_INFINITY }).pass,
  });
  try {
    const failures = await onEveryHost(groups, settings.batchSize("config_diff"), async (host, group) => {
      await fleet.stage(host, "config_diff", { group });
    });
    return { diffs: diffs.take(), failures };
  } finally {
    await fleet.close();
  }
}

async function onEveryHost(
  groups: FleetConfigDiffOptions["groups"],
  atOnce: number,
  work: (host: string, group: string) => Promise<void>,
): Promise<FleetConfigDiff["failures"]> {
  const failures: { host: string; code: string; message: string }[] = [];
  const queue = groups.flatMap(({ hosts, name }) => hosts.map((host) => ({ host, name }))).values();
  const lane = async (): Promise<void> => {
    for (const { host, name } of queue) {
      try {
        await work(host, name);
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        failures.push({ host, code: error.code, message: error.message });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return failures;
}

async function deployHead(checkout: string): Promise<string> {
  const { gitDirectory } = await openRepository(checkout);
  const text = await readDeployHead(gitDirectory);
  if (text !== undefined) return text;
  const path = deployHeadFile(gitDirectory);
  throw new DeployError(`Nothing was deployed from this checkout: there is no ${path}`, {
    code: "NOT_PUBLISHED",
    hint: "Run scap deploy first.",
  });
}
