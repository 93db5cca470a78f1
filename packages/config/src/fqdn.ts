import { readFile } from "node:fs/promises";
import { hostname as systemHostname } from "node:os";

/** How the host's name is found. */
export interface FqdnOptions {
  /** Used as it is, without asking a resolver. */
  readonly fqdn?: string;
  /** Name as the kernel reports it. @defaultValue `os.hostname()` */
  readonly hostname?: string;
  /** Asked before any resolver, which may block. @defaultValue "/etc/hosts" */
  readonly hostsFile?: string;
  /** Longest wait for the resolver, in milliseconds. @defaultValue 2_000 */
  readonly timeoutMs?: number;
}

/**
 * Fully qualified name of this host: the host name is resolved and resolved back, and the first name with a dot
 * is taken. A resolver that fails or does not answer in time leaves the plain host name.
 */
export async function effectiveFqdn(options: FqdnOptions = {}): Promise<string> {
  if (options.fqdn !== undefined) return options.fqdn;
  const hostname = options.hostname ?? systemHostname();
  const local = await nameInHostsFile(hostname, options.hostsFile ?? "/etc/hosts");
  if (local !== undefined) return local;
  return await withinTime(resolveBack(hostname), options.timeoutMs ?? 2_000, hostname);
}

/** The first name with a dot that the file gives to the host's address; the plain name if it gives none. */
async function nameInHostsFile(hostname: string, file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
  const own = lines.find(([, ...names]) => names.includes(hostname));
  if (own === undefined) return undefined;
  const names = lines.filter(([address]) => address === own[0]).flatMap((line) => line.slice(1));
  return names.find((name) => name.includes(".")) ?? hostname;
}

async function resolveBack(hostname: string): Promise<string> {
  try {
    // Most hosts are found in the file, and loading the resolver takes time.
    const { lookup, lookupService } = await import("node:dns/promises");
    const { address } = await lookup(hostname);
    const { hostname: found } = await lookupService(address, 0);
    // A host without a reverse record resolves back to its address.
    if (found.includes(".") && found !== address) return found;
  } catch {
    // No resolver, or it does not know this host: the host name is all there is.
  }
  return hostname;
}

async function withinTime(answer: Promise<string>, timeoutMs: number, fallback: string): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, fallback);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
