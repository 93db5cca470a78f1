import { readFile, stat } from "node:fs/promises";

import { noteConfigSums } from "../config/config-sums.ts";
import { renderConfigFiles } from "../config/render-config-files.ts";
import type { RenderedFile } from "../config/config-files.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { permissionBits, writeConfigFiles } from "../config/write-config-files.ts";

/** Stage `config_deploy`: renders configuration files into the revision's directory. */
export async function configDeployStage(context: StageContext): Promise<StageOutcome> {
  const { info, logger, signal } = context;
  if (info.config_deploy !== true) {
    logger.info("config_deploy is not enabled in scap.cfg, skipping.");
    return { noop: false };
  }
  const files = await renderConfigFiles(context);
  const unchanged: RenderedFile[] = [];
  const stale: RenderedFile[] = [];
  for (const rendered of files) ((await isAsWanted(rendered)) ? unchanged : stale).push(rendered);
  await writeConfigFiles(stale, { signal, cwd: context.paths.root });
  await noteConfigSums(context.paths.rev(info.commit), files);
  if (stale.length > 0) logger.info("config files written: %s", { args: [namesOf(stale)] });
  if (unchanged.length > 0) logger.info("config files unchanged: %s", { args: [namesOf(unchanged)] });
  return { noop: false };
}

function namesOf(files: readonly RenderedFile[]): string {
  return files.map(({ file }) => file.name).join(", ");
}

/** Bytes are compared: line ends matter to those who read the file. */
async function isAsWanted({ content, file, path }: RenderedFile): Promise<boolean> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes?.equals(Buffer.from(content)) !== true) return false;
  return (
    file.mode === undefined || ((await stat(path)).mode & 0o7777) === permissionBits(file.name, file.mode)
  );
}
