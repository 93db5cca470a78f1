import { renderConfigFile, runPromoteGuard, sudoServiceManager } from "@scap/deploy";
import { createLogger, fileSink } from "@scap/log";

import { ownOptions, secondarySignalFile } from "./host-configuration.ts";

/**
 * Takes this host back because its deploy server did not confirm what it promoted. Nobody reads the output, so what
 * happens is kept in a file beside the revisions; the status tells the caller whether to try again.
 *
 * @param words - repository, its parent directory, token of the lease
 */
export async function guard([repo = "", gitDeployDir = "", token = ""]: readonly string[]): Promise<number> {
  const sink = fileSink({ path: `${gitDeployDir}/${repo}-cache/.scap/guard.log` });
  const logger = createLogger({ name: "deploy-local", sinks: [sink] });
  try {
    const services = sudoServiceManager();
    const host = { logger, services, render: renderConfigFile, ownOptions, secondarySignalFile };
    await runPromoteGuard({ repo, gitDeployDir, token, ...host });
    return 0;
  } catch (cause) {
    logger.error("%s", { args: [cause instanceof Error ? cause.message : String(cause)] });
    return 1;
  } finally {
    await sink.close();
  }
}
