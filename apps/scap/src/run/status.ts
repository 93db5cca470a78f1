import { EXIT, renderTable, UsageError, type Invocation } from "@scap/cli";
import {
  configDiffLines,
  configuredRuntimes,
  deploySettings,
  fleetConfigDiff,
  fleetStatus,
  scapDirectories,
  type FleetConfigDiff,
  type FleetStatus,
  type StatusAnswer,
} from "@scap/deploy";
import { visibleText, wantsColour } from "@scap/log";
import { foldHosts, loadTargets } from "@scap/targets";
import { groupBy } from "../group-by.ts";
import { openSession } from "../session.ts";
import { sshTransport } from "../ssh-transport.ts";
import { loadWorkerFile } from "../worker-file.ts";
import { remarkLines } from "./status-remarks.ts";

export async function runStatus(invocation: Invocation): Promise<number> {
  const { cwd, env, interrupts, options, stdout } = invocation;
  const session = await openSession(invocation);
  const { config } = session;
  const settings = deploySettings(config);
  if (options.flag("show-secrets") && !options.flag("diff"))
    throw new UsageError("--show-secrets only has a meaning with --diff");
  const searchPath = await scapDirectories(cwd, settings.environment);
  const limits = options.list("limit-hosts");
  const { groups } = await loadTargets({ config, key: "dsh_targets", searchPath, limits });
  const pool = await sshTransport(invocation, session);
  try {
    const abort = interrupts.stop;
    const status = await fleetStatus({ groups, settings, pool, abort });
    const showsSecrets = options.flag("show-secrets");
    const difference = options.flag("diff")
      ? await fleetConfigDiff({
          ...{ checkout: cwd, groups, settings, pool, abort, showsSecrets },
          workerFile: await loadWorkerFile(),
          runtimes: configuredRuntimes(config),
        })
      : undefined;
    if (options.flag("json")) stdout.write(`${JSON.stringify({ ...status, ...difference })}\n`);
    else stdout.write(renderStatus(status) + renderDifference(difference, wantsColour(stdout, env)));
    if (abort.aborted) return interrupts.exitCode;
    return isWell(status, difference) ? EXIT.ok : EXIT.failed;
  } finally {
    await pool.close();
  }
}

function isWell(status: FleetStatus, difference: FleetConfigDiff | undefined): boolean {
  const isSame = (difference?.diffs.length ?? 0) + (difference?.failures.length ?? 0) === 0;
  return status.isUniform && !status.hasDrift && isSame;
}

function renderStatus(status: FleetStatus): string {
  const answers = status.groups.flatMap(({ answers: some, group }) =>
    some.map((answer) => ({ group, ...answer })),
  );
  const known = answers.filter(({ problem }) => problem === undefined);
  // What else differs between hosts with the same revisions is told below the table.
  const rows = [...groupBy(known, (answer) => JSON.stringify(revisionCells(answer))).values()].map((same) => {
    const hosts = same.flatMap((answer) => answer.hosts);
    return [...same.slice(0, 1).flatMap(revisionCells), `${foldHosts(hosts)} (${hosts.length})`];
  });
  return [renderTable([["GROUP", "LIVE", "PREVIOUS", "HOSTS"], ...rows]), ...remarkLines(answers)].join("");
}

function revisionCells({ group, previous, text }: StatusAnswer & { readonly group: string }): string[] {
  return [group, text, previous?.slice(0, 7) ?? "-"];
}

function renderDifference(difference: FleetConfigDiff | undefined, colour: boolean): string {
  if (difference === undefined) return "";
  const lines = [
    ...difference.diffs.flatMap((diff) => configDiffLines(diff, colour)),
    ...difference.failures.map(({ host, message }) => `${host}: cannot compare: ${visibleText(message)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
