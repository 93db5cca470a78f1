import { SshError } from "../errors.ts";

// A name of DNS labels (underscores do occur), or an IPv6 address with an optional zone.
const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?\.?$/;
const IPV6 = /^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?$/;

/**
 * Refuses what is no host name before it gets anywhere near a program: a leading `-` would be an option of ssh, and
 * blanks or control characters could break out of a line of a file or a terminal.
 *
 * @throws SshError `BAD_HOST_NAME`
 */
export function checkHostName(host: string): void {
  if (host.length <= 255 && (HOST_NAME.test(host) || IPV6.test(host))) return;
  throw new SshError("BAD_HOST_NAME", `Not a host name: ${JSON.stringify(host.slice(0, 260))}`, {
    host,
    hint: "Host names consist of letters, digits, '.', '-' and '_', and start with a letter or digit.",
  });
}
