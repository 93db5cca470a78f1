import { join } from "node:path";
import type { Config } from "@scap/config";
import { requireNoFreeze, scapDirectories, type PreparedDeployment } from "@scap/deploy";

/**
 * Makes sure that no freeze file forbids a deployment now. Looking and preparing the checkout do no harm.
 *
 * @param checkout - top of the checkout, whose own freeze files count besides that of `freeze_file`
 * @throws DeployError with the reason and the end of the freeze
 */
export async function refuseFrozen(
  { plan, settings }: PreparedDeployment,
  config: Config,
  checkout: string,
): Promise<void> {
  if (plan.mode === "dry-run" || plan.mode === "init") return;
  const directories = await scapDirectories(checkout, settings.environment);
  const files = directories.map((directory) => join(directory, "freeze.yaml"));
  const system = config.str("freeze_file") ?? "";
  if (system !== "") files.push(system);
  await requireNoFreeze({ files, repo: plan.repo, now: new Date() });
}
