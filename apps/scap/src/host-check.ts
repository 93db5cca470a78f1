import type { Invocation } from "@scap/cli";
import { configuredRuntimes, type CheckHostsOptions, type PreparedDeployment } from "@scap/deploy";
import type { Session } from "./session.ts";
import { sshTransport } from "./ssh-transport.ts";
import { loadWorkerFile } from "./worker-file.ts";

/** Runs `work` with what a look at the hosts needs: their connections, and what would be sent to them. */
export async function withHostCheck<T>(
  invocation: Invocation,
  session: Session,
  prepared: PreparedDeployment,
  work: (check: CheckHostsOptions) => Promise<T>,
): Promise<T> {
  const { config } = session;
  // Where nobody has chosen one, ssh_config knows who logs in.
  const user = config.origin("ssh_user").kind === "default" ? undefined : config.str("ssh_user");
  const pool = await sshTransport(invocation, session);
  try {
    return await work({
      ...{ prepared, pool, abort: invocation.interrupts.stop },
      workerFile: await loadWorkerFile(),
      runtimes: configuredRuntimes(config),
      ...(user === undefined ? {} : { user }),
    });
  } finally {
    await pool.close();
  }
}
