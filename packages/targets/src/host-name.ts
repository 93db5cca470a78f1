import { isIPv6 } from "node:net";

import { TargetsError } from "./errors.ts";

const NAME = /^[\p{L}0-9][\p{L}0-9._-]*$/u;

/**
 * True for a name that no program can take for an option: letters, digits, `.`, `-` and `_`, a letter or digit
 * first. An IPv6 address is a name too.
 */
export function isHostName(name: string): boolean {
  return NAME.test(name) || isIPv6(name);
}

/**
 * Refuses what cannot be the name of a host.
 *
 * @throws {TargetsError} `HOST_NAME_INVALID`
 */
export function checkHostName(name: string): void {
  if (isHostName(name)) return;
  throw new TargetsError(`${JSON.stringify(name)} cannot be the name of a host`, {
    code: "HOST_NAME_INVALID",
    hint: "A name consists of letters, digits, dots, hyphens and underscores, and starts with a letter or digit.",
  });
}
