import { readFile } from "node:fs/promises";

import type { DeployInfo } from "../../deploy-info.ts";
import { parseDeployInfo } from "../../parse-deploy-info.ts";
import { linkText, placeLink, removeLink } from "../links.ts";
import type { StageContext } from "../stage-context.ts";
import { configDeployStage } from "../stages/config-deploy.ts";
import { fetchStage } from "../stages/fetch.ts";
import type { TargetPaths } from "../target-paths.ts";

/**
 * Makes a revision of this host whole again: its files, submodules, large files and rendered configuration. No check runs,
 * nothing is promoted, and no link leads elsewhere than before.
 */
export async function restoreRevision(context: StageContext): Promise<void> {
  const { paths } = context;
  const inProgress = await linkText(paths.inProgress);
  try {
    await fetchStage({ ...context, force: true });
    await configDeployStage(context);
  } finally {
    if (inProgress === null) await removeLink(paths.inProgress);
    else await placeLink(paths.inProgress, inProgress);
  }
}

/** The deploy info that the revision came with, when it is the one cached here; else the one that is offered. */
export async function restoreInfo(paths: TargetPaths, offered: DeployInfo): Promise<DeployInfo> {
  const text = await readFile(paths.config, "utf8").catch(() => undefined);
  if (text === undefined) return offered;
  const cached = parseDeployInfo(text, paths.config);
  return cached.commit === offered.commit ? cached : offered;
}
