export { ExpressionError, TargetsError, type TargetsErrorCode, type TextPlace } from "./errors.ts";
export { checkHostName, isHostName } from "./host-name.ts";
export { membersOf, sliceHostSet, type ExpandOptions } from "./host-set-members.ts";
export { hostSetOf } from "./host-set-of.ts";
export { isHostSet, parseHostSet } from "./host-set-parser.ts";
export { splitHostSet } from "./host-set-splitting.ts";
export { writeHostSet } from "./host-set-text.ts";
export {
  countHostSet,
  EMPTY_HOST_SET,
  intersectHostSets,
  subtractHostSets,
  uniteHostSets,
  combineHostSets,
  xorHostSets,
  type HostFamily,
  type HostSet,
  type SetOperator,
  type SetStep,
} from "./host-set.ts";
export { countHosts, expandHosts, foldHosts, splitHosts } from "./hosts.ts";
export { createDeployGroup, type DeployGroup, type DeployGroupParts, type Subgroup } from "./deploy-group.ts";
export { excludeHosts, type ExcludeHostsOptions } from "./exclude-hosts.ts";
export { parseExclude } from "./exclude.ts";
export { matchesLimit, parseLimit, type Limit, type LimitPart } from "./limit.ts";
export { parseHostList, type HostList } from "./host-list.ts";
export { findHostListFile, readHostListFile } from "./host-list-file.ts";
export {
  loadDirectTargets,
  loadTargets,
  SYSTEM_LIST_DIRECTORY,
  type GroupSelection,
  type LoadTargetsOptions,
  type TargetList,
} from "./targets.ts";
export { loadAliases, type Alias, type Aliases } from "./query/alias.ts";
export {
  DIRECT_BACKEND,
  type BackendCall,
  type DirectBackend,
  type HostBackend,
  type NamesBackend,
  type SearchBackend,
} from "./query/backend.ts";
export { loadQueryConfig, type QueryConfig } from "./query/query-config.ts";
export { queryHosts, type GroupLookup, type QueryOptions, type QueryResult } from "./query/query.ts";
export { inventoryBackend, type InventoryOptions } from "./backends/inventory.ts";
export { knownHostsBackend, type KnownHostsOptions } from "./backends/known-hosts.ts";
export { puppetdbBackend, type PuppetdbOptions } from "./backends/puppetdb/puppetdb.ts";
export { scapGroups, scapGroupsBackend, type ScapGroupsOptions } from "./backends/scap-groups.ts";
export { listDirectories } from "./list-directories.ts";
