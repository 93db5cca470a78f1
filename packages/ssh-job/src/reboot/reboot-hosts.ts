import { argv, type Command } from "../command.ts";
import type { HostResult } from "../job/host-result.ts";
import type { JobOptions } from "../job/job-options.ts";
import { runJob } from "../job/run-job.ts";

/** Options of {@link rebootHosts}; those of a job, of which some have other defaults. */
export interface RebootOptions extends Omit<JobOptions, "command"> {
  /** What reboots a host. @defaultValue `systemctl reboot` */
  readonly command?: Command;
  /** Hosts at a time. @defaultValue 1 */
  readonly batchSize?: number | string;
  /** Waited before the next host, in milliseconds. @defaultValue 180_000 */
  readonly batchSleepMs?: number;
  /** Longest time until a host has taken the order, in milliseconds. @defaultValue 30_000 */
  readonly hostTimeoutMs?: number;
}

/**
 * Orders hosts to reboot, one after the other, and yields a result for each. A connection that breaks after the order
 * is what a reboot looks like, and counts as `ok`; {@link waitForReboot} tells whether the hosts have come back.
 */
export async function* rebootHosts(options: RebootOptions): AsyncGenerator<HostResult, void, undefined> {
  const { command = argv("systemctl", "reboot"), ...job } = options;
  const defaults = { batchSize: 1, batchSleepMs: 180_000, hostTimeoutMs: 30_000 };
  for await (const result of runJob({ ...defaults, ...job, command })) {
    if (result.status !== "lost") yield result;
    else {
      const { error: _expected, ...rest } = result;
      yield { ...rest, status: "ok", code: 0 };
    }
  }
}
