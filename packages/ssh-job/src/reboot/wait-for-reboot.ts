import { pause } from "../pause.ts";
import { uptimes, type UptimeOptions } from "./uptime.ts";

/** Options of {@link waitForReboot}. */
export interface WaitForRebootOptions extends UptimeOptions {
  /** A time before the order to reboot, in milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Pause between two questions, in milliseconds. @defaultValue 10_000 */
  readonly intervalMs?: number;
  /** Questions before the wait is given up. @defaultValue 240 */
  readonly tries?: number;
  /** Called with the hosts that are not back yet, after each question. */
  readonly onWait?: (missing: readonly string[]) => void;
  /** Milliseconds since the epoch. @defaultValue Date.now */
  readonly clock?: () => number;
}

/**
 * Waits until every host answers and has been up for less time than has passed since `sinceMs`. Hosts that are back
 * are not asked again.
 *
 * @returns the hosts that are not back after all questions; none when all are
 * @throws the reason of `signal`
 */
export async function waitForReboot(options: WaitForRebootOptions): Promise<string[]> {
  const { clock = Date.now, intervalMs = 10_000, onWait, sinceMs, tries = 240, ...ask } = options;
  let missing = [...new Set(options.hosts)];
  for (let attempt = 1; missing.length > 0; attempt++) {
    options.signal?.throwIfAborted();
    const up = await uptimes({ ...ask, hosts: missing });
    const passedS = (clock() - sinceMs) / 1000;
    missing = missing.filter((host) => (up.get(host) ?? Number.POSITIVE_INFINITY) >= passedS);
    if (missing.length === 0 || attempt >= tries) break;
    onWait?.(missing);
    await pause(intervalMs, options.signal);
  }
  return missing;
}
