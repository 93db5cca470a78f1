import { isIPv6 } from "node:net";

import { parseHostSet } from "./host-set-parser.ts";
import { uniteHostSets, type HostSet } from "./host-set.ts";

/**
 * The set of these names, each of which may itself be a host set. An IPv6 address needs no brackets here.
 *
 * @throws {TargetsError} `HOST_SET_SYNTAX`
 */
export function hostSetOf(names: Iterable<string>): HostSet {
  return uniteHostSets(Array.from(names, (name) => parseHostSet(isIPv6(name) ? `[${name}]` : name)));
}
