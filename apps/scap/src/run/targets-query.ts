import { EXIT, type Invocation } from "@scap/cli";
import { knownHostsBackend, loadAliases, membersOf, type QueryConfig, writeHostSet } from "@scap/targets";
import { selectHosts } from "../fleet/select-hosts.ts";
import { openSession } from "../session.ts";

/** `scap targets query`. */
export async function runTargetsQuery(invocation: Invocation): Promise<number> {
  const { options, stdout } = invocation;
  const session = await openSession(invocation);
  const query = invocation.word("query") ?? "";
  const hosts = await selectHosts(query, invocation, session, await givenConfig(invocation));
  const lines = options.flag("expand") ? membersOf(hosts) : [writeHostSet(hosts)];
  stdout.write(lines.map((line) => `${line}\n`).join(""));
  return EXIT.ok;
}

async function givenConfig({ options, stderr }: Invocation): Promise<Partial<QueryConfig>> {
  const aliasFile = options.string("aliases");
  const files = options.list("known-hosts");
  const onWarning = (warning: string): void => void stderr.write(`warning: ${warning}\n`);
  return {
    ...(aliasFile === undefined ? {} : { aliases: await loadAliases(aliasFile) }),
    ...(files.length === 0 ? {} : { backends: [knownHostsBackend({ files, onWarning })] }),
  };
}
