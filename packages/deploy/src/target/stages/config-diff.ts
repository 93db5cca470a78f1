import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderConfigFiles } from "../render-config-files.ts";
import { maskSecrets } from "../mask-secrets.ts";
import { runCommand } from "../run-command.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import type { RenderedFile } from "../config-files.ts";

/** Stage `config_diff`: what `config_deploy` and `promote` would change in the files that are live. Changes nothing. */
export async function configDiffStage(context: StageContext): Promise<StageOutcome> {
  const { info, logger } = context;
  if (info.config_deploy !== true) {
    logger.info("config_deploy is not enabled in scap.cfg, skipping.");
    return { noop: false };
  }
  const directory = await mkdtemp(join(tmpdir(), "scap-config-diff-"));
  try {
    for (const rendered of await renderConfigFiles(context))
      await showDifference(context, directory, rendered);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return { noop: false };
}

async function showDifference(
  context: StageContext,
  directory: string,
  rendered: RenderedFile,
): Promise<void> {
  const { logger, paths, showsSecrets, signal } = context;
  const { content, file, secrets } = rendered;
  const temporary = join(directory, "rendered");
  await writeFile(temporary, content, { mode: 0o600 });
  const live = file.name.startsWith("/") ? file.name : join(paths.final, file.name);
  const labels = ["--label", file.name, "--label", `${file.name} (new)`];
  const words = ["diff", "-u", "-N", ...labels, "--", live, temporary];
  const { exitCode, output } = await runCommand(words, { signal, timeoutMs: 60_000 });
  if (exitCode === 0) {
    logger.info("No difference for %s", { args: [file.name] });
    return;
  }
  const shown = secrets === undefined || showsSecrets ? output : maskSecrets(output, secrets);
  logger.info("Config diff for %s", { args: [file.name], type: "config_diff", output: shown });
}
