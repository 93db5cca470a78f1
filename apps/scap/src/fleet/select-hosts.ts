import type { Invocation } from "@scap/cli";
import {
  type HostBackend,
  type HostSet,
  inventoryBackend,
  listDirectories,
  loadQueryConfig,
  queryHosts,
  type QueryConfig,
  scapGroups,
  scapGroupsBackend,
} from "@scap/targets";
import type { Session } from "../session.ts";

/** The hosts that a query selects; `instead` are backends and aliases that win over the configured ones. */
export async function selectHosts(
  query: string,
  { cwd, interrupts, stderr }: Invocation,
  { config }: Session,
  instead: Partial<QueryConfig> = {},
): Promise<HostSet> {
  const warn = (warning: string): void => void stderr.write(`warning: ${warning}\n`);
  const source = { config, searchPath: await listDirectories(cwd, config.environment) };
  const configured = await loadQueryConfig(config.str("hosts_config") ?? "", warn);
  const own = instead.backends ?? [];
  const isReplaced = ({ prefix }: HostBackend): boolean => own.some((backend) => backend.prefix === prefix);
  const program = config.str("inventory_command")?.split(/\s+/).filter(Boolean) ?? [];
  const { hosts, warnings } = await queryHosts(query, {
    groups: scapGroups(source),
    backends: [
      scapGroupsBackend(source),
      ...own,
      ...configured.backends.filter((backend) => !isReplaced(backend)),
      ...(program.length === 0 ? [] : [inventoryBackend({ argv: program, env: configured.environment })]),
    ],
    aliases: instead.aliases ?? configured.aliases,
    signal: interrupts.stop,
  });
  for (const warning of warnings) warn(warning);
  return hosts;
}
