import { execa } from "execa";
import type { Lab } from "../src/index.ts";

/** How a client program ended; a failing one is a value. */
export interface ClientResult {
  readonly exitCode?: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the system's `ssh` against one host of a lab. */
export function ssh(lab: Lab, host: string, command: string, input = ""): Promise<ClientResult> {
  return execa("ssh", ["-F", lab.sshConfigFile, host, command], { input, reject: false, timeout: 30_000 });
}

/** Runs the system's `scp`. */
export function scp(lab: Lab, from: string, to: string, options: string[] = []): Promise<ClientResult> {
  return execa("scp", ["-q", "-F", lab.sshConfigFile, ...options, from, to], {
    reject: false,
    timeout: 30_000,
  });
}

/** Maps with at most `limit` at a time. */
export async function mapLimit<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
