import { readFile } from "node:fs/promises";

import type { Logger } from "@scap/log";

import { parseDeployInfo, type DeployInfo } from "../deploy-info.ts";
import { hasEnded, leaseNote } from "./lease.ts";
import type { ConfigRenderer } from "./render-config-files.ts";
import { MARKER_VARIABLE } from "./run-lock.ts";
import { runStages } from "./run-stages.ts";
import type { ServiceManager } from "./service-manager.ts";
import { TargetWorkError } from "./target-error.ts";
import type { TargetPaths } from "./target-paths.ts";

/** What {@link goBack} needs of the host. */
export interface GoBackOptions {
  readonly paths: TargetPaths;
  readonly logger: Logger;
  readonly services: ServiceManager;
  readonly render: ConfigRenderer;
  readonly secondarySignalFile: () => Promise<string>;
  /** What the target's own configuration sets; the deploy info wins where it says something itself. */
  readonly ownOptions: () => Promise<Partial<DeployInfo>>;
  readonly assertHeld: () => Promise<void>;
  /** Of the seat, for child processes. */
  readonly marker: string;
  readonly signal?: AbortSignal;
}

/**
 * Rolls the host back if the lease of its live revision has ended: code, configuration, services. Call with the
 * writer's seat held.
 *
 * @throws TargetWorkError when it cannot be rolled back, or its services do not start
 */
export async function goBack(options: GoBackOptions): Promise<void> {
  const { logger, marker, paths, signal } = options;
  const lease = await leaseNote(paths).read();
  if (lease === undefined || !(await hasEnded(lease))) return;
  const reason = `nobody confirmed it within ${lease.leaseMs / 1000} s, so the host went back by itself`;
  logger.warning("%s: %s", { args: [lease.revision, reason] });
  const cached = parseDeployInfo(await readFile(paths.config, "utf8"), paths.config);
  await runStages(["rollback"], {
    ...options,
    info: { ...(await options.ownOptions()), ...cached },
    ...(lease.group === undefined ? {} : { group: lease.group }),
    force: false,
    showsSecrets: false,
    signal: AbortSignal.any([AbortSignal.timeout(lease.stageTimeoutMs), ...(signal ? [signal] : [])]),
    environment: { [MARKER_VARIABLE]: marker },
    leaving: { verdict: "unknown", reason },
    obtainRevision: async () => {
      throw new TargetWorkError("Nothing is fetched on the way back", { code: "INTERNAL", exitCode: 70 });
    },
  });
}
