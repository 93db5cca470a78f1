import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { HostKeyError, type HostKeyProblem, SshError } from "../errors.ts";
import { Limiter } from "../limiter.ts";
import type { Transport } from "../transport.ts";

/** A host whose key is not on file. */
export interface UnknownHostKey extends HostKeyProblem {
  readonly host: string;
}

/** Connections under way at a time. */
const AT_ONCE = 64;

/**
 * Connects to all hosts and collects the keys that are not on file, so that a person can be asked about all of them
 * in one question, with fingerprints. Hosts that cannot be reached, or whose key has changed, are left to the job.
 *
 * @throws the reason of `signal`
 */
export async function unknownHostKeys(
  transport: Transport,
  hosts: readonly string[],
  signal?: AbortSignal,
): Promise<UnknownHostKey[]> {
  const places = new Limiter(AT_ONCE);
  const keys = await Promise.all(
    hosts.map(async (host) => {
      const leave = await places.take(signal);
      try {
        return await unknownKeyOf(transport, host, signal);
      } finally {
        leave();
      }
    }),
  );
  return keys.filter((key) => key !== undefined);
}

/**
 * Puts keys that somebody has vouched for on file. A pool reads its files once, so make a new one afterwards.
 */
export async function addKnownHosts(file: string, keys: readonly HostKeyProblem[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lines = keys.map(({ lookupName, keyType, key }) => `${lookupName} ${keyType} ${key}\n`);
  await appendFile(file, lines.join(""), { mode: 0o600 });
}

async function unknownKeyOf(
  transport: Transport,
  host: string,
  signal: AbortSignal | undefined,
): Promise<UnknownHostKey | undefined> {
  try {
    await transport.connect(host, { signal });
  } catch (error) {
    if (!(error instanceof SshError)) throw error;
    if (error instanceof HostKeyError && error.problem.kind === "unknown") return { host, ...error.problem };
  }
  return undefined;
}
