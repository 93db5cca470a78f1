import { membersOf, type ExpandOptions } from "./host-set-members.ts";
import { parseHostSet } from "./host-set-parser.ts";
import { splitHostSet } from "./host-set-splitting.ts";
import { writeHostSet } from "./host-set-text.ts";
import { hostSetOf } from "./host-set-of.ts";
import { countHostSet } from "./host-set.ts";

/**
 * Writes out a host set: `web[1-3]` gives web1, web2, web3, in the order of `nodeset -e`.
 *
 * @throws {TargetsError} `HOST_SET_SYNTAX`, or `HOST_SET_TOO_LARGE`
 */
export function expandHosts(expression: string, options: ExpandOptions = {}): string[] {
  return membersOf(parseHostSet(expression), options);
}

/**
 * Folds names, each of which may itself be a host set: web1, web2, web3 give `web[1-3]`. Duplicates vanish.
 *
 * @throws {TargetsError} `HOST_SET_SYNTAX`
 */
export function foldHosts(names: Iterable<string>): string {
  return writeHostSet(hostSetOf(names));
}

/** How many hosts a host set has, without writing them out. */
export function countHosts(expression: string): bigint {
  return countHostSet(parseHostSet(expression));
}

/**
 * Cuts a host set into `parts` contiguous folded parts whose sizes differ by at most one, larger ones first. A
 * set with fewer hosts gives one part a host.
 *
 * @throws {TargetsError} `HOST_SET_SYNTAX`, also for a number of parts below 1
 */
export function splitHosts(parts: number, expression: string, options: ExpandOptions = {}): string[] {
  return splitHostSet(parts, parseHostSet(expression), options).map(writeHostSet);
}
