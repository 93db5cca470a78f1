import { foldHosts } from "@scap/targets";

/** Hosts folded with their number, `web[1-9] (9)`; a list longer than `limit` characters ends with `…`. */
export function foldedHosts(hosts: readonly string[], limit: number = Number.POSITIVE_INFINITY): string {
  const all = foldHosts(hosts);
  if (hosts.length === 1) return all;
  if (all.length <= limit) return `${all} (${hosts.length})`;
  let some = Math.max(1, Math.floor((hosts.length * limit) / all.length));
  while (some > 1 && foldHosts(hosts.slice(0, some)).length > limit) some -= Math.ceil(some / 20);
  return `${foldHosts(hosts.slice(0, some))}, … (${hosts.length})`;
}
