import { EXIT, printable, renderTable, type Invocation } from "@scap/cli";
import { describeProblem, loadConfig } from "@scap/config";
import {
  foldHosts,
  listDirectories,
  loadDirectTargets,
  loadTargets,
  type DeployGroup,
  type TargetList,
} from "@scap/targets";
import { configRequest } from "../config-request.ts";

/** `scap targets list`. */
export async function runTargetsList(invocation: Invocation): Promise<number> {
  const { cwd, options, stdout, stderr, interrupts } = invocation;
  const config = await loadConfig(configRequest(invocation, options.string("fqdn")));
  const key = options.string("list") ?? "dsh_targets";
  // This option lists files; every other one names a file.
  const load = key === "mw_web_clusters" ? loadDirectTargets : loadTargets;
  const targets = await load({
    config,
    key,
    searchPath: await listDirectories(cwd, config.environment),
    limits: options.list("limit-hosts"),
    exclude: options.string("exclude-hosts"),
    signal: interrupts.stop,
  });
  const warnings = [...config.warnings.map(describeProblem), ...targets.warnings];
  for (const warning of warnings) stderr.write(printable(`warning: ${warning}\n`));
  if (options.flag("json"))
    stdout.write(`${JSON.stringify({ groups: targets.groups.map(toJson) }, null, 2)}\n`);
  else stdout.write(printable(renderTargets(targets)));
  return EXIT.ok;
}

function toJson(group: DeployGroup): Record<string, unknown> {
  const { name, hosts, failureLimit } = group;
  const subgroups = group.subgroups().map((subgroup) => ({ name: subgroup.label, hosts: subgroup.hosts }));
  return { name, hosts, subgroups, failureLimit };
}

function renderTargets({ groups, selection, excluded }: TargetList): string {
  const rows = groups.flatMap((group) => [
    [
      group.name,
      selected(group.hosts.length, group.selectedOf),
      `${group.failureLimit} may fail`,
      foldHosts(group.hosts),
    ],
    ...subgroupRows(group),
  ]);
  const empty = selection.filter((group) => group.selected === 0);
  const left = empty.map(({ name, of }) => `${name}: ${selected(0, of)}\n`).join("");
  const gone = excluded.length === 0 ? "" : `excluded: ${foldHosts(excluded)}\n`;
  return renderTable(rows) + left + gone;
}

function subgroupRows(group: DeployGroup): string[][] {
  const subgroups = group.subgroups();
  if (subgroups.length < 2) return [];
  return subgroups.map(({ label, hosts }) => [`  ${label}`, `${hosts.length}`, "", foldHosts(hosts)]);
}

function selected(number: number, of: number): string {
  if (number === of) return `${of} ${of === 1 ? "host" : "hosts"}`;
  return `${number} of ${of} ${of === 1 ? "host" : "hosts"}`;
}
