import type { DeploymentView, DeployOutcome } from "@scap/events";
import { formatDuration } from "@scap/log";
import { foldHosts } from "@scap/targets";
import { hosts as hostCount } from "../server/event-text.ts";

/** The end of a deployment in a few lines: what happened, which state the hosts are in, what to run next. */
export function summaryLines(
  view: DeploymentView,
  nextCommands: readonly string[],
): { headline: string; details: string[] } {
  const { finished, started } = view;
  if (finished === undefined) return { headline: "", details: [] };
  const duration = formatDuration(finished.durationMs / 1000);
  const revision = started?.commit.slice(0, 7) ?? "";
  const { deployed, failedHosts, outcome, untouched } = finished;
  const details = [
    ...line("Now live on", deployed, outcome !== "ok"),
    ...line(outcome === "ok" ? "Failed, within the limit" : "Failed", failedHosts, true),
    ...line("Not started", untouched, outcome !== "ok"),
    ...(outcome === "ok" ? [] : nextCommands.map((command) => `Next: ${command}`)),
  ];
  return {
    headline: `${headline(outcome, revision, deployed.length, started?.mode)} (${duration})`,
    details,
  };
}

function headline(
  outcome: DeployOutcome,
  revision: string,
  deployed: number,
  mode: string | undefined,
): string {
  switch (outcome) {
    case "ok":
      if (mode === "dry-run") return "Dry run done: nothing was changed";
      if (mode === "restart") return "Services restarted";
      return mode === "stages" && deployed === 0
        ? "Stage done"
        : `Deployed ${revision} to ${hostCount(deployed)}`;
    case "failed":
      return `Deployment of ${revision} failed; nothing was rolled back`;
    case "rolled-back":
      return `Deployment of ${revision} failed and was rolled back`;
    case "rollback-failed":
      return `Deployment of ${revision} failed and could not be rolled back everywhere`;
    case "interrupted":
      return `Deployment of ${revision} was stopped`;
  }
}

function line(title: string, hosts: readonly string[], isWanted: boolean): string[] {
  return isWanted && hosts.length > 0 ? [`${title}: ${foldHosts(hosts)} (${hosts.length})`] : [];
}
