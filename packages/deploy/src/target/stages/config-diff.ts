import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { RenderedFile } from "../config/config-files.ts";
import { maskSecrets } from "../config/mask-secrets.ts";
import { renderConfigFiles } from "../config/render-config-files.ts";
import type { StageContext, StageOutcome } from "../stage-context.ts";
import { unifiedDiff, type UnifiedDiff } from "../config/unified-diff.ts";

/** Of a longer diff the beginning is enough to know that it is not what was meant. */
const LONGEST_OUTPUT = 64 * 1024;

/** Stage `config_diff`: what `config_deploy` and `promote` would change in the files that are live. Changes nothing. */
export async function configDiffStage(context: StageContext): Promise<StageOutcome> {
  const { info, logger, signal } = context;
  if (info.config_deploy !== true) {
    logger.info("config_deploy is not enabled in scap.cfg, skipping.");
    return { noop: false };
  }
  for (const rendered of await renderConfigFiles(context)) {
    signal.throwIfAborted();
    await showDifference(context, rendered);
  }
  return { noop: false };
}

async function showDifference(context: StageContext, rendered: RenderedFile): Promise<void> {
  const { logger, paths, showsSecrets } = context;
  const { content, file, secrets } = rendered;
  const { name } = file;
  const live = await readLive(name.startsWith("/") ? name : join(paths.final, name));
  if (live.unreadable !== undefined) {
    logger.warning("Cannot compare %s: %s", { args: [name, live.unreadable] });
    return;
  }
  const after = { label: `${name} (new)`, bytes: Buffer.from(content) };
  const diff = unifiedDiff({ label: name, bytes: live.bytes }, after);
  if (diff === undefined) {
    logger.info("No difference for %s", { args: [name] });
    return;
  }
  const shown = secrets === undefined || showsSecrets ? diff : maskSecrets(diff, { content, secrets });
  logger.info("Config diff for %s", { args: [name], type: "config_diff", output: textOf(shown) });
}

type LiveFile =
  | { readonly unreadable?: never; readonly bytes: Buffer | undefined }
  | { readonly unreadable: string };

/** A device or a pipe at the place of a file would keep the reader waiting. */
async function readLive(path: string): Promise<LiveFile> {
  try {
    if (!(await stat(path)).isFile()) return { unreadable: "there is something else than a file" };
    return { bytes: await readFile(path) };
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? { bytes: undefined } : { unreadable: message };
  }
}

function textOf({ body, head }: UnifiedDiff): string {
  let text = `${head.join("\n")}\n`;
  for (const [index, line] of body.entries()) {
    if (text.length + line.length > LONGEST_OUTPUT) return `${text}\\ ${body.length - index} more lines\n`;
    text += `${line}\n`;
  }
  return text;
}
