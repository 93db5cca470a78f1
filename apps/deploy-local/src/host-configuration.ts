import process from "node:process";

import { loadConfig, optionsForTargets, type Config } from "@scap/config";
import type { DeployInfo } from "@scap/deploy";

/** The configuration of this host; the deploy server's is not known here but for what the deploy info brings. */
export async function hostConfiguration(defines: readonly string[] = []): Promise<Config> {
  // The login directory's scap/scap.cfg, if there is one, is about something else.
  const systemFile = process.env["SCAP_SYSTEM_CONFIG"];
  return await loadConfig({ cwd: process.cwd(), defines, localConfig: false, systemFile });
}

/** `git_deploy_dir` where this host sets it; undefined where the deploy server's counts. */
export async function ownDeployDir(): Promise<string | undefined> {
  const config = await hostConfiguration();
  return config.origin("git_deploy_dir").kind === "default" ? undefined : config.str("git_deploy_dir");
}

/** Path of the file that marks a secondary host. */
export async function secondarySignalFile(): Promise<string> {
  return (await hostConfiguration()).str("secondary_host_signal_file") ?? "/etc/scap.secondary";
}

/** What this host's own configuration sets of that which deployments bring; defaults are not set by anybody. */
export async function ownOptions(): Promise<Partial<DeployInfo>> {
  return setOptions(await hostConfiguration());
}

/** The options for targets that a configuration sets. */
export function setOptions(config: Config): Partial<DeployInfo> {
  const set = Object.entries(optionsForTargets(config));
  return Object.fromEntries(set.filter(([name]) => config.origin(name).kind !== "default"));
}
