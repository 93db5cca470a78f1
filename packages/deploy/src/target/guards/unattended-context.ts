import { readFile } from "node:fs/promises";

import type { Logger } from "@scap/log";

import type { DeployInfo } from "../../deploy-info.ts";
import { parseDeployInfo } from "../../parse-deploy-info.ts";
import type { ConfigRenderer } from "../config/render-config-files.ts";
import { MARKER_VARIABLE } from "../run-lock.ts";
import type { ServiceManager } from "../services/service-manager.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";

/** What work without a deploy server needs of the host. */
export interface UnattendedHost {
  readonly logger: Logger;
  readonly services: ServiceManager;
  readonly render: ConfigRenderer;
  readonly secondarySignalFile: () => Promise<string>;
  /** What the target's own configuration sets; the deploy info wins where it says something itself. */
  readonly ownOptions: () => Promise<Partial<DeployInfo>>;
}

/** What {@link unattendedContext} needs. */
export interface UnattendedContextOptions extends UnattendedHost {
  readonly paths: TargetPaths;
  readonly assertHeld: () => Promise<void>;
  /** Of the seat, for child processes. */
  readonly marker: string;
  readonly group: string | undefined;
  /** Longest time for all of it, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** For stages that this host runs by itself, with the deploy info that its last deployment left. */
export async function unattendedContext(options: UnattendedContextOptions): Promise<StageContext> {
  const { group, marker, paths, signal, timeoutMs } = options;
  const cached = parseDeployInfo(await readFile(paths.config, "utf8"), paths.config);
  const { assertHeld, logger, render, secondarySignalFile, services } = options;
  return {
    ...{ assertHeld, logger, paths, render, secondarySignalFile, services },
    info: { ...(await options.ownOptions()), ...cached },
    ...(group === undefined ? {} : { group }),
    force: false,
    showsSecrets: false,
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
    environment: { [MARKER_VARIABLE]: marker },
    obtainRevision: async () => {
      throw new TargetWorkError("Nothing is fetched without a deploy server", {
        ...{ code: "INTERNAL", exitCode: 70 },
      });
    },
  };
}
