import { readFile } from "node:fs/promises";

import { noteConfigSums } from "../config-sums.ts";
import { renderConfigFiles } from "../render-config-files.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { writeConfigFile } from "../write-config-file.ts";

/** Stage `config_deploy`: renders configuration files into the revision's directory. */
export async function configDeployStage(context: StageContext): Promise<StageOutcome> {
  const { info, logger, signal } = context;
  if (info.config_deploy !== true) {
    logger.info("config_deploy is not enabled in scap.cfg, skipping.");
    return { noop: false };
  }
  const written: string[] = [];
  const unchanged: string[] = [];
  const files = await renderConfigFiles(context);
  for (const rendered of files) {
    signal.throwIfAborted();
    const old = await readFile(rendered.path, "utf8").catch(() => undefined);
    if (old === rendered.content) {
      unchanged.push(rendered.file.name);
      continue;
    }
    await writeConfigFile(rendered, { signal, cwd: context.paths.root });
    written.push(rendered.file.name);
  }
  await noteConfigSums(context.paths.rev(info.commit), files);
  if (written.length > 0) logger.info("config files written: %s", { args: [written.join(", ")] });
  if (unchanged.length > 0) logger.info("config files unchanged: %s", { args: [unchanged.join(", ")] });
  return { noop: false };
}
