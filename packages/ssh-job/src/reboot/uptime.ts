import { argv } from "../command.ts";
import { runJob } from "../job/run-job.ts";
import type { Transport } from "../transport.ts";

/** Which hosts to ask, and how. */
export interface UptimeOptions {
  readonly hosts: readonly string[];
  readonly transport: Transport;
  /** Longest time for one host, in milliseconds. @defaultValue 10_000 */
  readonly hostTimeoutMs?: number;
  /** Ends the questions. */
  readonly signal?: AbortSignal;
}

/** How long each host has been up, in seconds. Hosts that do not answer, or not with a number, are missing. */
export async function uptimes(options: UptimeOptions): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const job = { hostTimeoutMs: 10_000, connectRetries: 0, ...options };
  for await (const result of runJob({ ...job, command: argv("cat", "/proc/uptime") })) {
    const seconds = /^(\d+\.\d+) \d+\.\d+\s*$/.exec(result.stdout.text)?.[1];
    if (result.status === "ok" && seconds !== undefined) found.set(result.host, Number(seconds));
  }
  return found;
}
