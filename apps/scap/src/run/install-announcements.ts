import type { Invocation } from "@scap/cli";
import type { Config } from "@scap/config";
import type { InstallResult } from "@scap/deploy";
import { formatDuration } from "@scap/log";
import { announcer } from "../announcer.ts";
import { countText } from "../count-text.ts";

/** What is announced of an installation. */
export interface AnnouncedInstall {
  readonly invocation: Invocation;
  readonly config: Config;
  /** For example `Installing scap 1.2.0`. */
  readonly what: string;
  readonly hosts: number;
}

/** Does work on many hosts, and tells everybody when it begins and how it ended. */
export async function announcedInstall(
  { config, hosts, invocation, what }: AnnouncedInstall,
  work: () => Promise<InstallResult[]>,
): Promise<InstallResult[]> {
  const { announce, close } = await announcer(invocation, config);
  const started = performance.now();
  const duration = (): string => formatDuration((performance.now() - started) / 1000);
  try {
    announce(`${what} on ${countText(hosts, "host")}`);
    const results = await work();
    const done = results.filter(({ failure }) => failure === undefined).length;
    announce(`${what}: done on ${done} of ${countText(hosts, "host")} (duration: ${duration()})`);
    return results;
  } catch (error) {
    announce(`${what} aborted (duration: ${duration()})`);
    throw error;
  } finally {
    await close();
  }
}
