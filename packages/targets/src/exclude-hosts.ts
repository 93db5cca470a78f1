import { lookup } from "node:dns/promises";

/** Options of {@link excludeHosts}. */
export interface ExcludeHostsOptions {
  /** The addresses of a name; none when it has none. @defaultValue what the system's resolver says */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/**
 * The hosts that are none of `excluded`, not even under another name: names are compared without regard to case, then
 * addresses. Every name is looked up once, all at the same time.
 */
export async function excludeHosts(
  hosts: readonly string[],
  excluded: readonly string[],
  { resolve = addressesOf }: ExcludeHostsOptions = {},
): Promise<string[]> {
  if (excluded.length === 0) return [...hosts];
  const names = [...new Set([...hosts, ...excluded].map(normalised))];
  const addresses = new Map(
    await Promise.all(names.map(async (name) => [name, await resolve(name)] as const)),
  );
  const identities = (host: string): string[] => [
    normalised(host),
    ...(addresses.get(normalised(host)) ?? []),
  ];
  const gone = new Set(excluded.flatMap(identities));
  return hosts.filter((host) => !identities(host).some((identity) => gone.has(identity)));
}

function normalised(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

async function addressesOf(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
