import { EXIT, renderTable, type Invocation } from "@scap/cli";
import { deploySettings, fleetStatus, scapDirectories, type FleetStatus } from "@scap/deploy";
import { foldHosts, loadTargets } from "@scap/targets";
import { openSession } from "../session.ts";
import { sshPool } from "../ssh-pool.ts";
import { loadWorkerFile } from "../worker-file.ts";

export async function runStatus(invocation: Invocation): Promise<number> {
  const session = await openSession(invocation);
  const { config } = session;
  const settings = deploySettings(config);
  const searchPath = await scapDirectories(invocation.cwd, settings.environment);
  const limits = invocation.options.list("limit-hosts");
  const targets = await loadTargets({ config, key: "dsh_targets", searchPath, limits });
  const pool = await sshPool(invocation, session);
  try {
    const status = await fleetStatus({
      groups: targets.groups,
      settings,
      pool,
      workerFile: await loadWorkerFile(),
      abort: invocation.interrupts.stop,
    });
    if (invocation.options.flag("json")) invocation.stdout.write(`${JSON.stringify(status)}\n`);
    else invocation.stdout.write(renderStatus(status));
    return status.isUniform ? EXIT.ok : EXIT.failed;
  } finally {
    await pool.close();
  }
}

function renderStatus(status: FleetStatus): string {
  const answers = status.groups.flatMap(({ answers: some, group }) =>
    some.map((answer) => ({ group, ...answer })),
  );
  const known = answers.filter(({ problem }) => problem === undefined);
  const rows = known.map(({ group, hosts, text }) => [group, text, `${foldHosts(hosts)} (${hosts.length})`]);
  const problems = answers.filter(({ problem }) => problem !== undefined);
  const lines = problems.map(({ group, hosts, text }) => `${group}: ${foldHosts(hosts)}: ${text}\n`);
  return `${renderTable([["GROUP", "LIVE", "HOSTS"], ...rows])}${lines.join("")}`;
}
