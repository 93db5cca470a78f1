import { runJob, posixScript, type HostResult, type Transport } from "@scap/ssh-job";
import { problemOf } from "../status/fleet-status.ts";
import { parseRevisionProbe, revisionProbeScript, type HostRevisions } from "./revision-probe.ts";
import type { DeploySettings } from "../plan/settings.ts";

/** What {@link fleetRevisions} needs. */
export interface FleetRevisionsOptions {
  readonly hosts: readonly string[];
  readonly settings: Pick<DeploySettings, "repo" | "gitDeployDir" | "connectTimeoutMs">;
  readonly pool: Transport;
  readonly abort: AbortSignal;
}

/** What a host answered, or why it did not. */
export type HostAnswer =
  | ({ readonly kind: "revisions" } & HostRevisions)
  | { readonly kind: "problem"; readonly code: string; readonly text: string };

/** Hosts asked at once. */
const AT_ONCE = 80;
/** Longest time for one host, besides connecting. */
const PROBE_TIMEOUT_MS = 30_000;

/** Asks every host which revisions it has, one round trip each; in the order of `hosts`. Changes nothing. */
export async function fleetRevisions(options: FleetRevisionsOptions): Promise<Map<string, HostAnswer>> {
  const { abort, hosts, pool, settings } = options;
  const answers = new Map<string, HostAnswer>();
  const job = runJob({
    hosts,
    command: posixScript(revisionProbeScript(settings)),
    transport: pool,
    batchSize: AT_ONCE,
    hostTimeoutMs: settings.connectTimeoutMs + PROBE_TIMEOUT_MS,
    signal: abort,
  });
  for await (const result of job) answers.set(result.host, answerOf(result));
  return new Map(hosts.flatMap((host) => entryOf(host, answers.get(host))));
}

function entryOf(host: string, answer: HostAnswer | undefined): [string, HostAnswer][] {
  return answer === undefined ? [] : [[host, answer]];
}

function answerOf(result: HostResult): HostAnswer {
  const revisions = result.status === "ok" ? parseRevisionProbe(result.stdout.text) : undefined;
  if (revisions !== undefined) return { kind: "revisions", ...revisions };
  const { problem, text } = problemOf(result);
  return { kind: "problem", code: problem, text };
}
