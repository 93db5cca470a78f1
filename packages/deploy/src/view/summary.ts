import type { DeploymentView, DeployOutcome } from "@scap/events";
import { formatDuration, visibleText } from "@scap/log";
import { hosts as hostCount } from "../server/run/event-text.ts";
import { failureKinds, type FailureKind } from "./failure-kinds.ts";
import { failureText } from "./failure-lines.ts";
import { foldedHosts } from "./folded-hosts.ts";
import { cutText, wrapText } from "./wrap-text.ts";

/** What {@link summaryLines} needs besides the deployment. */
export interface SummaryOptions {
  /** Columns of the terminal; undefined: lines may be of any length. */
  readonly columns: number | undefined;
  /** What to run next when it failed. */
  readonly nextCommands: readonly string[];
}

/** Kinds of failure that are listed. */
const KINDS = 4;
/** Hosts are listed over so many lines at most. */
const HOST_LINES = 2;
const LABEL_COLUMNS = 17;

/** The end of a deployment in a few lines: what happened, why, which state the hosts are in, what to run next. */
export function summaryLines(
  view: DeploymentView,
  options: SummaryOptions,
): { headline: string; details: string[] } {
  const { finished, started } = view;
  if (finished === undefined) return { headline: "", details: [] };
  const duration = formatDuration(finished.durationMs / 1000);
  const revision = started?.commit.slice(0, 7) ?? "";
  const { deployed, outcome, untouched } = finished;
  const hasFailed = outcome !== "ok";
  const details = [
    ...labelled("Because", hasFailed ? reasonsOf(view) : [], options),
    ...labelled(hasFailed ? "Failed" : "Tolerated", failedHosts(view, options), options),
    ...labelled("Now live on", hasFailed ? liveLines(view, options) : [], options),
    ...labelled("Maybe live on", hasFailed ? hostLines(unclearHosts(view), options) : [], options),
    ...labelled("Not pooled", hostLines(unpooledHosts(view), options), options),
    ...labelled("Not started", hasFailed ? hostLines(untouched, options) : [], options),
    ...labelled("Next", hasFailed ? nextCommands(view, options) : [], options),
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
      if (mode === "rollback") return `Went back to ${revision} on ${hostCount(deployed)}`;
      return mode === "stages" && deployed === 0
        ? "Stage done"
        : `Deployed ${revision} to ${hostCount(deployed)}`;
    case "failed":
      if (mode === "rollback") return `Could not go back to ${revision} everywhere`;
      return `Deployment of ${revision} failed; nothing was rolled back`;
    case "rolled-back":
      return `Deployment of ${revision} failed and was rolled back`;
    case "rollback-failed":
      return `Deployment of ${revision} failed and could not be rolled back everywhere`;
    case "interrupted":
      return `Deployment of ${revision} was stopped`;
  }
}

/** What was stopped half way can go on, or back. */
function nextCommands({ finished, started }: DeploymentView, options: SummaryOptions): readonly string[] {
  const isHalf = finished?.outcome === "interrupted" && started?.mode === "deploy";
  return [...(isHalf ? ["scap deploy --resume, or scap rollback"] : []), ...options.nextCommands];
}

function reasonsOf({ verdicts }: DeploymentView): string[] {
  return verdicts.flatMap(({ group, passed, reason }) => (passed ? [] : [reason ?? `${group} failed`]));
}

/** One line a kind of failure: the details stand above, where they happened. */
function failedHosts({ failures, finished }: DeploymentView, { columns }: SummaryOptions): string[] {
  const kinds = failureKinds(failures);
  const room = columns === undefined ? undefined : columns - LABEL_COLUMNS;
  const lines = kinds
    .slice(0, KINDS)
    .map((kind) => cutText(`${foldedHosts(kind.hosts, room && room / 2)}: ${shortText(kind)}`, room));
  const rest = kinds.slice(KINDS).reduce((sum, { hosts }) => sum + hosts.length, 0);
  if (rest > 0) lines.push(`${hostCount(rest)} in ${kinds.length - KINDS} other ways`);
  const known = new Set(failures.map(({ host }) => host));
  const others = finished?.failedHosts.filter((host) => !known.has(host)) ?? [];
  return others.length > 0 ? [...lines, foldedHosts(others)] : lines;
}

/** What went wrong, without an example: the numbers in it may be those of one host. */
function shortText(kind: FailureKind): string {
  return failureText({ ...kind, variants: 1 });
}

/** Where the revision is live, and what that says of the other hosts. */
function liveLines(view: DeploymentView, options: SummaryOptions): string[] {
  const { deployed = [], outcome } = view.finished ?? {};
  const unclear = unclearHosts(view);
  const [hosts = unclear.length === 0 ? "no host" : "no host for sure"] = hostLines(deployed, options);
  const isBack = outcome === "rolled-back" || outcome === "rollback-failed";
  if (!isBack) return [hosts];
  const others = deployed.length === 0 && unclear.length === 0 ? "all" : "the others";
  return [`${hosts}; ${others} have what they had before`];
}

/** Hosts that failed after the revision may have gone live there, and that could not be rolled back or were not. */
function unclearHosts({ failures, finished }: DeploymentView): string[] {
  if (finished?.outcome === "rolled-back") return [];
  const last = lastSwitch(finished?.outcome);
  // What these failures say is that the host was, or was not, switched.
  const isClear = (code = ""): boolean => code === (last === "rollback" ? "POOL_FAILED" : "DRAIN_FAILED");
  const late = failures.filter(
    ({ failure, host, stage }) =>
      stage === last && !isClear(failure?.code) && finished?.deployed.includes(host) !== true,
  );
  return late.map(({ host }) => host);
}

/** Hosts that the last switch left out of service. */
function unpooledHosts({ failures, finished }: DeploymentView): string[] {
  if (finished?.outcome === "rolled-back") return [];
  const last = lastSwitch(finished?.outcome);
  return failures
    .filter(({ failure, stage }) => stage === last && failure?.code === "POOL_FAILED")
    .map(({ host }) => host);
}

function lastSwitch(outcome: DeployOutcome | undefined): "rollback" | "promote" {
  return outcome === "rollback-failed" ? "rollback" : "promote";
}

function hostLines(hosts: readonly string[], { columns }: SummaryOptions): string[] {
  if (hosts.length === 0) return [];
  return [foldedHosts(hosts, columns && (columns - LABEL_COLUMNS) * HOST_LINES)];
}

/** Lines under a label that stands before the first of them. */
function labelled(label: string, texts: readonly string[], { columns }: SummaryOptions): string[] {
  return texts.flatMap((text, index) => {
    const head = index === 0 ? `  ${label}:` : "";
    return wrapText(`${head.padEnd(LABEL_COLUMNS)}${visibleText(text)}`, { columns, indent: LABEL_COLUMNS });
  });
}
