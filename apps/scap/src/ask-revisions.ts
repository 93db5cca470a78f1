import type { Invocation } from "@scap/cli";
import { deploySettings, fleetRevisions, scapDirectories, type HostAnswer } from "@scap/deploy";
import { loadTargets } from "@scap/targets";
import type { Session } from "./session.ts";
import { sshTransport } from "./ssh-transport.ts";

/** Asks the targets of a checkout, within the limits, which revisions they have. Changes nothing. */
export async function askRevisions(
  invocation: Invocation,
  session: Session,
): Promise<Map<string, HostAnswer>> {
  const { cwd, interrupts, options } = invocation;
  const { config } = session;
  const settings = deploySettings(config);
  const searchPath = await scapDirectories(cwd, settings.environment);
  const limits = options.list("limit-hosts");
  const { groups } = await loadTargets({ config, key: "dsh_targets", searchPath, limits });
  const pool = await sshTransport(invocation, session);
  try {
    const hosts = [...new Set(groups.flatMap((group) => group.hosts))];
    return await fleetRevisions({ hosts, settings, pool, abort: interrupts.stop });
  } finally {
    await pool.close();
  }
}
