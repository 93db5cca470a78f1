import { formatDuration } from "../duration.ts";
import type { DeploymentTiming, HostStage, StageRun } from "./deployment-timing.ts";

const SLOWEST = 5;
const LISTED = 10;
const SHORT_COMMIT = 7;

/** The summary of a deployment for people: hosts by state, durations, slowest hosts, and the critical path. */
export function timingLines(timing: DeploymentTiming | undefined): string[] {
  if (!timing) return ["This log holds no deployment events"];
  const { repo, user, outcome, durationMs } = timing;
  const end = outcome === undefined ? "not finished" : `${outcome} (${duration(durationMs)})`;
  return [
    `${repo} ${revisionText(timing)} by ${user}: ${end}`,
    ...section("Hosts by state", hostsByState(timing)),
    ...section(
      "Durations by stage",
      totals(timing.stageRuns, ({ stage }) => stage),
    ),
    ...section("Slowest hosts", slowestHosts(timing)),
    ...section("Critical path", criticalPath(timing)),
  ];
}

/** What was deployed: the short commit, with the name that it was asked for by where that says more. */
export function revisionText({ commit, revision }: DeploymentTiming): string {
  const short = commit.slice(0, SHORT_COMMIT);
  if (short === "" || revision === short) return revision;
  return revision === "HEAD" || revision === commit ? short : `${revision} (${short})`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function hostsByState({ plannedHosts, hostStages }: DeploymentTiming): string[] {
  const states = new Map(plannedHosts.map((host) => [host, "not started"]));
  for (const { host, outcome, stage } of hostStages) {
    states.set(host, stage === "rollback" && outcome === "ok" ? "rolled back" : outcome);
  }
  const hosts = new Map<string, string[]>();
  for (const [host, state] of states) hosts.set(state, [...(hosts.get(state) ?? []), host]);
  return [...hosts].map(
    ([state, names]) => `${state}: ${names.length}${state === "ok" ? "" : ` (${listed(names)})`}`,
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - LISTED;
  return `${names.slice(0, LISTED).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}

function slowestHosts({ hostStages }: DeploymentTiming): string[] {
  return totals(hostStages, ({ host }) => host).slice(0, SLOWEST);
}

function totals<T extends { readonly durationMs: number }>(
  runs: readonly T[],
  keyOf: (run: T) => string,
): string[] {
  const sums = new Map<string, number>();
  for (const run of runs) sums.set(keyOf(run), (sums.get(keyOf(run)) ?? 0) + run.durationMs);
  return [...sums].toSorted(([, a], [, b]) => b - a).map(([key, ms]) => `${duration(ms)}  ${key}`);
}

// Stages run one after another, and each takes as long as its slowest host.
function criticalPath({ stageRuns, hostStages }: DeploymentTiming): string[] {
  return stageRuns.map((run) => {
    const host = slowestOf(run, hostStages)?.host;
    const waiting = host === undefined ? "" : `, slowest: ${host}`;
    return `${duration(run.durationMs)}  ${run.label}: ${run.stage}${waiting}`;
  });
}

function slowestOf(run: StageRun, hostStages: readonly HostStage[]): HostStage | undefined {
  let slowest: HostStage | undefined;
  for (const each of hostStages) {
    const isPart = each.label === run.label && each.stage === run.stage;
    if (isPart && each.durationMs > (slowest?.durationMs ?? -1)) slowest = each;
  }
  return slowest;
}

// A tenth of a second matters when the longest part is looked for.
function duration(milliseconds: number): string {
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)}s` : formatDuration(milliseconds / 1000);
}
