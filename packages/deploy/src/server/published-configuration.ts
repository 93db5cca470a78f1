import type { Config } from "@scap/config";

/** Options that targets get with the deploy info, where they are set. */
const PUBLISHED = [
  "cache_revs",
  "config_deploy",
  "environment",
  "git_deploy_dir",
  "git_fat",
  "git_binary_manager",
  "git_server",
  "git_scheme",
  "git_repo",
  "git_submodules",
  "git_upstream_submodules",
  "nrpe_dir",
  "perform_checks",
  "require_valid_service",
  "secondary_targets_disabled",
  "service_name",
  "service_port",
  "service_timeout",
  "strict_templates",
  "umask",
] as const;

/** The part of the configuration that targets need. */
export function publishedConfiguration(config: Config): Record<string, string | number | boolean> {
  const published: Record<string, string | number | boolean> = {};
  for (const name of PUBLISHED) {
    const value = config.values.get(name);
    if (value !== undefined && value !== null) published[name] = value;
  }
  return published;
}
