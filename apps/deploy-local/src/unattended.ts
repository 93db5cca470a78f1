import { renderConfigFile, sudoServiceManager, type UnattendedHost } from "@scap/deploy";
import { createLogger, fileSink } from "@scap/log";

import { ownOptions, secondarySignalFile } from "./host-configuration.ts";

/** Which repository this host works on by itself. */
export interface UnattendedPlace {
  readonly repo: string;
  readonly gitDeployDir: string;
}

/**
 * Does work that no deploy server waits for. Nobody reads the output, so what happens is kept in a file beside the
 * revisions; the status tells the caller whether to try again.
 */
export async function unattended(
  { gitDeployDir, repo }: UnattendedPlace,
  work: (host: UnattendedHost) => Promise<void>,
): Promise<number> {
  const sink = fileSink({ path: `${gitDeployDir}/${repo}-cache/.scap/guard.log` });
  const logger = createLogger({ name: "deploy-local", sinks: [sink] });
  try {
    const services = sudoServiceManager();
    await work({ logger, services, render: renderConfigFile, ownOptions, secondarySignalFile });
    return 0;
  } catch (cause) {
    logger.error("%s", { args: [cause instanceof Error ? cause.message : String(cause)] });
    return 1;
  } finally {
    await sink.close();
  }
}
