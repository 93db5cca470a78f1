import { EXIT, renderTable, type Invocation } from "@scap/cli";
import { deploySettings, fleetStatus, scapDirectories, type FleetStatus } from "@scap/deploy";
import { foldHosts, loadTargets } from "@scap/targets";
import { openSession } from "../session.ts";
import { sshTransport } from "../ssh-transport.ts";
import { remarkLines } from "./status-remarks.ts";

export async function runStatus(invocation: Invocation): Promise<number> {
  const session = await openSession(invocation);
  const { config } = session;
  const settings = deploySettings(config);
  const searchPath = await scapDirectories(invocation.cwd, settings.environment);
  const limits = invocation.options.list("limit-hosts");
  const targets = await loadTargets({ config, key: "dsh_targets", searchPath, limits });
  const pool = await sshTransport(invocation, session);
  try {
    const status = await fleetStatus({
      groups: targets.groups,
      settings,
      pool,
      abort: invocation.interrupts.stop,
    });
    if (invocation.options.flag("json")) invocation.stdout.write(`${JSON.stringify(status)}\n`);
    else invocation.stdout.write(renderStatus(status));
    return status.isUniform && !status.hasDrift ? EXIT.ok : EXIT.failed;
  } finally {
    await pool.close();
  }
}

function renderStatus(status: FleetStatus): string {
  const answers = status.groups.flatMap(({ answers: some, group }) =>
    some.map((answer) => ({ group, ...answer })),
  );
  const rows = answers
    .filter(({ problem }) => problem === undefined)
    .map(({ group, hosts, previous, text }) => [
      group,
      text,
      previous?.slice(0, 7) ?? "-",
      `${foldHosts(hosts)} (${hosts.length})`,
    ]);
  return [renderTable([["GROUP", "LIVE", "PREVIOUS", "HOSTS"], ...rows]), ...remarkLines(answers)].join("");
}
