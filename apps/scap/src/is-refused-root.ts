import type { Config } from "@scap/config";

/** Whether this user is root, and root may run no command here. */
export function isRefusedRoot(config: Config): boolean {
  return config.bool("refuse_root") && process.geteuid?.() === 0;
}
