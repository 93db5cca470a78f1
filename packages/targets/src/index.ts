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
