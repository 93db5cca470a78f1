import { failureLimitHosts, parseFailureLimit, type Config } from "@scap/config";

import { TargetsError } from "./errors.ts";

/** Names of the deploy groups in order, each once; `default` when `server_groups` is absent. */
export function groupNames(config: Config): string[] {
  return [...new Set(config.list("server_groups") ?? ["default"])];
}

/**
 * The option that names a group's host list. Only the deploy targets need one for each group: other lists fall
 * back to the plain option, which all groups then share.
 *
 * @throws {TargetsError} `GROUP_OPTION_MISSING`
 */
export function hostListOf(config: Config, key: string, group: string): string {
  const own = group === "default" ? key : optionOf(config, group, key);
  const value = config.str(own) ?? (key === "dsh_targets" || group === "" ? undefined : config.str(key));
  if (value !== undefined) return value;
  throw new TargetsError(
    `The option ${own} is not set; it names the hosts of the group ${JSON.stringify(group)}`,
    {
      code: "GROUP_OPTION_MISSING",
      hint: `Set ${own} in scap/scap.cfg, or correct server_groups.`,
    },
  );
}

/** Most hosts of a subgroup; undefined for the whole group at once. */
export function groupSizeOf(config: Config, group: string): number | undefined {
  const name = optionOf(config, group, "group_size");
  const size = config.int(name) ?? config.int("group_size");
  if (size === undefined || size >= 1) return size;
  throw new TargetsError(`The group size of ${group} must be at least 1, not ${size}`, {
    code: "TARGET_LIST_INVALID",
    hint: `Correct ${name} or group_size.`,
  });
}

/** How many hosts of a group of that many may fail. */
export function failureLimitOf(config: Config, group: string, hosts: number): number {
  const name = optionOf(config, group, "failure_limit");
  const text = config.str(name) ?? config.str("failure_limit") ?? "1";
  const limit = parseFailureLimit(text);
  if (limit !== undefined) return failureLimitHosts(limit, hosts);
  throw new TargetsError(
    `The failure limit of ${group} must be a number of hosts or a percentage of 0-100, not ${JSON.stringify(text)}`,
    { code: "TARGET_LIST_INVALID", hint: `Correct ${name} or failure_limit.` },
  );
}

/** Names are lower-cased in files but not in definitions, so a group called Canary finds its options in both. */
function optionOf(config: Config, group: string, option: string): string {
  const exact = `${group}_${option}`;
  return config.get(exact) === undefined ? exact.toLowerCase() : exact;
}
