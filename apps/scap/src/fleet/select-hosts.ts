import { randomInt } from "node:crypto";
import type { Invocation } from "@scap/cli";
import { listDirectories, membersOf, queryHosts, scapGroups, scapGroupsBackend } from "@scap/targets";
import type { Session } from "../session.ts";

/** The hosts that a query selects, in order. */
export async function selectHosts(
  query: string,
  { cwd, interrupts, stderr }: Invocation,
  { config }: Session,
): Promise<readonly string[]> {
  const source = { config, searchPath: await listDirectories(cwd, config.environment) };
  const { hosts, warnings } = await queryHosts(query, {
    groups: scapGroups(source),
    backends: [scapGroupsBackend(source)],
    signal: interrupts.stop,
  });
  for (const warning of warnings) stderr.write(`warning: ${warning}\n`);
  return membersOf(hosts);
}

/** A random part of the hosts, in their order. */
export function sampleHosts(hosts: readonly string[], size: number | undefined): readonly string[] {
  if (size === undefined || size >= hosts.length) return hosts;
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(randomInt(hosts.length));
  return hosts.filter((_, index) => chosen.has(index));
}
