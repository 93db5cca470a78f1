import { EXIT, type Invocation } from "@scap/cli";
import {
  knownHostsBackend,
  listDirectories,
  loadAliases,
  membersOf,
  queryHosts,
  scapGroups,
  scapGroupsBackend,
  writeHostSet,
} from "@scap/targets";
import { openSession } from "../session.ts";

/** `scap targets query`. */
export async function runTargetsQuery(invocation: Invocation): Promise<number> {
  const { cwd, options, stdout, stderr, interrupts } = invocation;
  const { config } = await openSession(invocation);
  const warn = (warning: string): void => void stderr.write(`warning: ${warning}\n`);
  const source = { config, searchPath: await listDirectories(cwd, config.environment) };
  const aliasFile = options.string("aliases");
  const files = options.list("known-hosts");
  const knownHosts = files.length === 0 ? [] : [knownHostsBackend({ files, onWarning: warn })];
  const { hosts, warnings } = await queryHosts(invocation.word("query") ?? "", {
    groups: scapGroups(source),
    backends: [scapGroupsBackend(source), ...knownHosts],
    aliases: aliasFile === undefined ? undefined : await loadAliases(aliasFile),
    signal: interrupts.stop,
  });
  for (const warning of warnings) warn(warning);
  if (options.flag("expand"))
    stdout.write(
      membersOf(hosts)
        .map((host) => `${host}\n`)
        .join(""),
    );
  else stdout.write(`${writeHostSet(hosts)}\n`);
  return EXIT.ok;
}
