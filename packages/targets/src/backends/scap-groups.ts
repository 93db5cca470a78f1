import type { Config } from "@scap/config";

import { TargetsError } from "../errors.ts";
import { groupNames, hostListOf } from "../group-options.ts";
import { EMPTY_HOST_SET, uniteHostSets, type HostSet } from "../host-set.ts";
import { hostSetOf } from "../host-set-of.ts";
import type { NamesBackend } from "../query/backend.ts";
import type { GroupLookup } from "../query/query.ts";
import { readTargetSource } from "../target-source.ts";
import { SYSTEM_LIST_DIRECTORY } from "../targets.ts";

/** Where groups come from. */
export interface ScapGroupsOptions {
  readonly config: Config;
  /** The option with the host list. @defaultValue "dsh_targets" */
  readonly key?: string | undefined;
  /** Directories searched before the system's. @defaultValue none */
  readonly searchPath?: readonly string[] | undefined;
  /** The last directory to search. @defaultValue "/etc/dsh/group" */
  readonly systemDirectory?: string | undefined;
}

/** `@name`: a deploy group of the configuration, else a host list file of that name. */
export function scapGroups(options: ScapGroupsOptions): GroupLookup {
  const { config, key = "dsh_targets" } = options;
  return {
    names: () => Promise.resolve(groupNames(config)),
    hosts: async (name) => {
      const isGroup = groupNames(config).includes(name);
      return await readSource(isGroup ? hostListOf(config, key, name) : name, name, options);
    },
  };
}

/** `G{…}`: all hosts of the deploy groups, to pick from with names and patterns. */
export function scapGroupsBackend(options: ScapGroupsOptions): NamesBackend {
  const groups = scapGroups(options);
  let names: Promise<HostSet> | undefined;
  const readAll = async (): Promise<HostSet> => {
    const sets = await Promise.all(groupNames(options.config).map((name) => groups.hosts(name)));
    return uniteHostSets(sets.map((set) => set ?? EMPTY_HOST_SET));
  };
  return { kind: "names", prefix: "G", name: "deploy groups", names: () => (names ??= readAll()) };
}

async function readSource(
  source: string,
  group: string,
  options: ScapGroupsOptions,
): Promise<HostSet | undefined> {
  const { searchPath = [], systemDirectory = SYSTEM_LIST_DIRECTORY } = options;
  try {
    const list = await readTargetSource(source, { searchPath: [...searchPath, systemDirectory], group });
    return hostSetOf(list.hosts);
  } catch (error) {
    if (error instanceof TargetsError && error.code === "TARGET_LIST_MISSING" && source === group)
      return undefined;
    throw error;
  }
}
