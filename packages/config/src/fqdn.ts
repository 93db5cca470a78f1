import { lookup, lookupService } from "node:dns/promises";
import { hostname as systemHostname } from "node:os";

/** How the host's name is found. */
export interface FqdnOptions {
  /** Used as it is, without asking a resolver. */
  readonly fqdn?: string;
  /** Name as the kernel reports it. @defaultValue `os.hostname()` */
  readonly hostname?: string;
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
  return await withinTime(resolveBack(hostname), options.timeoutMs ?? 2_000, hostname);
}

async function resolveBack(hostname: string): Promise<string> {
  try {
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
