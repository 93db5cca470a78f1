import { nearestName, type Config } from "@scap/config";

import { createDeployGroup, type DeployGroup } from "./deploy-group.ts";
import { TargetsError } from "./errors.ts";
import { parseExclude } from "./exclude.ts";
import { failureLimitOf, groupNames, groupSizeOf, hostListOf } from "./group-options.ts";
import { parseLimit, type Limit } from "./limit.ts";
import { shuffled } from "./shuffle.ts";
import { readTargetSource } from "./target-source.ts";

/** Searched last for every host list file. */
export const SYSTEM_LIST_DIRECTORY = "/etc/dsh/group";

/** What chooses the hosts. */
export interface LoadTargetsOptions {
  readonly config: Config;
  /** The option with the host list, for example `dsh_targets`. */
  readonly key: string;
  /** Directories searched before the system's; the list is not changed. @defaultValue none */
  readonly searchPath?: readonly string[] | undefined;
  /** The last directory to search. @defaultValue "/etc/dsh/group" */
  readonly systemDirectory?: string | undefined;
  /** Values of `--limit-hosts`, which add up. @defaultValue every host */
  readonly limits?: readonly string[] | undefined;
  /** `--exclude-hosts`: a regular expression for the start of a name; wins over the limits. */
  readonly exclude?: string | undefined;
  /** Accept parts of a limit that match no host. @defaultValue false */
  readonly allowUnmatched?: boolean | undefined;
  /** Spread the hosts of each group in an order that this number decides. @defaultValue the order of the list */
  readonly shuffleSeed?: number | undefined;
  /** Longest run of an inventory program, in milliseconds. @defaultValue 30_000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How many hosts of a group were selected. */
export interface GroupSelection {
  readonly name: string;
  readonly selected: number;
  /** Before limits and excludes, and without hosts of earlier groups. */
  readonly of: number;
}

/** The hosts to work on. */
export interface TargetList {
  /** In order; groups without hosts are left out. */
  readonly groups: readonly DeployGroup[];
  /** All hosts of all groups, in order. */
  readonly hosts: readonly string[];
  /** Every group that was looked at, those left out too. */
  readonly selection: readonly GroupSelection[];
  /** Hosts that `exclude` removed. */
  readonly excluded: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads the deploy groups of `server_groups` and their hosts. A host of an earlier group is not in a later one.
 *
 * @throws {TargetsError} when a list, a limit or an exclude is wrong
 */
export async function loadTargets(options: LoadTargetsOptions): Promise<TargetList> {
  const { config, key } = options;
  const sources = groupNames(config).map((name) => ({ name, source: hostListOf(config, key, name) }));
  return await gatherTargets(sources, options);
}

/**
 * Reads an option such as `mw_web_clusters`, which lists host list files: each gives a group of its name.
 *
 * @throws {TargetsError} when a list, a limit or an exclude is wrong
 */
export async function loadDirectTargets(options: LoadTargetsOptions): Promise<TargetList> {
  const text = options.config.str(options.key) ?? "";
  const names = text.trim() === "" ? [] : text.split(",").map((name) => name.trim());
  return await gatherTargets(
    [...new Set(names)].map((name) => ({ name, source: name })),
    options,
  );
}

interface GroupSource {
  readonly name: string;
  readonly source: string;
}

interface GroupHosts {
  readonly name: string;
  readonly hosts: readonly string[];
}

async function gatherTargets(
  sources: readonly GroupSource[],
  options: LoadTargetsOptions,
): Promise<TargetList> {
  const limit = parseLimit(options.limits ?? []);
  const isExcluded = options.exclude === undefined ? () => false : parseExclude(options.exclude);
  const warnings = [...limit.warnings];
  const listed = await readGroups(sources, options, warnings);
  warnings.push(...checkMatches(limit, listed, options.allowUnmatched === true));
  const excluded: string[] = [];
  const groups: DeployGroup[] = [];
  const selection: GroupSelection[] = [];
  for (const { name, hosts: all } of listed) {
    const chosen = all.filter((host) => limit.selects(host));
    excluded.push(...chosen.filter(isExcluded));
    const hosts = chosen.filter((host) => !isExcluded(host));
    selection.push({ name, selected: hosts.length, of: all.length });
    if (hosts.length > 0) groups.push(groupOf({ name, hosts }, all.length, options));
  }
  return { groups, hosts: groups.flatMap((group) => group.hosts), selection, excluded, warnings };
}

async function readGroups(
  sources: readonly GroupSource[],
  options: LoadTargetsOptions,
  warnings: string[],
): Promise<GroupHosts[]> {
  const { searchPath = [], systemDirectory = SYSTEM_LIST_DIRECTORY, timeoutMs, signal } = options;
  const taken = new Set<string>();
  const groups: GroupHosts[] = [];
  for (const { name, source } of sources) {
    if (source.trim() === "") {
      warnings.push(`The group ${name} names no host list and is left out`);
      continue;
    }
    const path = [...searchPath, systemDirectory];
    const list = await readTargetSource(source, { searchPath: path, group: name, timeoutMs, signal });
    for (const warning of list.warnings) warnings.push(warning);
    const hosts = list.hosts.filter((host) => !taken.has(host));
    for (const host of hosts) taken.add(host);
    groups.push({ name, hosts });
  }
  return groups;
}

function groupOf({ name, hosts }: GroupHosts, selectedOf: number, options: LoadTargetsOptions): DeployGroup {
  return createDeployGroup({
    name,
    hosts: options.shuffleSeed === undefined ? hosts : shuffled(hosts, options.shuffleSeed),
    size: groupSizeOf(options.config, name) ?? hosts.length,
    failureLimit: failureLimitOf(options.config, name, hosts.length),
    selectedOf,
  });
}

/** A positive part that matches nothing is most often a slip of the pen; a negated one does no harm. */
function checkMatches(limit: Limit, groups: readonly GroupHosts[], allowUnmatched: boolean): string[] {
  const hosts = groups.flatMap((group) => group.hosts);
  const unmatched = limit.parts.filter((part) => !part.isAll && !hosts.some((host) => part.describes(host)));
  const [missed] = unmatched.filter((part) => !part.isNegated);
  if (missed !== undefined && !allowUnmatched) {
    const near = nearestName(missed.text, hosts);
    throw new TargetsError(`The limit ${JSON.stringify(missed.text)} matches none of ${hosts.length} hosts`, {
      code: "LIMIT_UNMATCHED",
      hint: near === undefined ? limit.warnings[0] : `Did you mean ${near}?`,
    });
  }
  return unmatched.map((part) =>
    part.isNegated
      ? `The limit ${JSON.stringify(part.text)} takes no host away`
      : `The limit ${JSON.stringify(part.text)} matches no host`,
  );
}
