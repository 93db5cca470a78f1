export { ExpressionError, TargetsError, type TargetsErrorCode, type TextPlace } from "./errors.ts";
export { checkHostName, isHostName } from "./host-name.ts";
export { membersOf, sliceHostSet, type ExpandOptions } from "./host-set-members.ts";
export { isHostSet, parseHostSet } from "./host-set-parser.ts";
export { writeHostSet } from "./host-set-text.ts";
export {
  countHostSet,
  EMPTY_HOST_SET,
  intersectHostSets,
  subtractHostSets,
  uniteHostSets,
  xorHostSets,
  type HostFamily,
  type HostSet,
} from "./host-set.ts";
export { countHosts, expandHosts, foldHosts, splitHosts } from "./hosts.ts";
export { createDeployGroup, type DeployGroup, type DeployGroupParts, type Subgroup } from "./deploy-group.ts";
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
