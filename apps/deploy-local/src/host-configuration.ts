import process from "node:process";

import { loadConfig, type Config } from "@scap/config";

/** The configuration of this host; the deploy server's is not known here but for what the deploy info brings. */
export async function hostConfiguration(defines: readonly string[] = []): Promise<Config> {
  return await loadConfig({ cwd: process.cwd(), defines });
}

/** Path of the file that marks a secondary host. */
export async function secondarySignalFile(): Promise<string> {
  return (await hostConfiguration()).str("secondary_host_signal_file") ?? "/etc/scap.secondary";
}
