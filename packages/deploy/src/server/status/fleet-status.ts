import { hasFailed, runJob, posixScript, type HostResult, type SshPool } from "@scap/ssh-job";
import { isAsDeployed, NOT_DEPLOYED, type HostState } from "./host-state.ts";
import type { DeploySettings } from "../plan/settings.ts";
import { parseStatusProbe, statusProbeScript } from "./status-probe.ts";

export interface FleetStatusOptions {
  readonly groups: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly settings: Pick<DeploySettings, "repo" | "gitDeployDir" | "connectTimeoutMs">;
  readonly pool: SshPool;
  readonly abort: AbortSignal;
}

/** Hosts that gave the same answer; processes have the numbers that they have on the first of them. */
export interface StatusAnswer extends HostState {
  /** What is live, or why that is not known. */
  readonly text: string;
  /** Stable code of the reason why nothing is known; absent when it is. */
  readonly problem?: string;
  readonly hosts: readonly string[];
}

export interface FleetStatus {
  readonly groups: readonly { readonly group: string; readonly answers: readonly StatusAnswer[] }[];
  /** Whether every host answered and all have the same revision live. */
  readonly isUniform: boolean;
  /** Whether a host is not as its last deployment left it: files edited, processes of an older revision, and so on. */
  readonly hasDrift: boolean;
}

/** Hosts asked at once. */
const AT_ONCE = 80;
/** Longest time for one host, besides connecting. */
const PROBE_TIMEOUT_MS = 60_000;
/** Enough for thousands of edited files. */
const OUTPUT_BYTES = 512 * 1024;

/** Asks every host what is on it, one round trip each, and folds equal answers. Changes nothing. */
export async function fleetStatus(options: FleetStatusOptions): Promise<FleetStatus> {
  const results = await askAll(options);
  const groups = options.groups.map(({ hosts, name }) => ({
    group: name,
    answers: fold(hosts.flatMap((host) => results.get(host) ?? [])),
  }));
  const answers = groups.flatMap((group) => group.answers);
  const revisions = new Set(answers.map(({ current }) => current));
  return {
    groups,
    isUniform: revisions.size === 1 && !revisions.has(null),
    hasDrift: answers.some((answer) => answer.problem === undefined && !isAsDeployed(answer)),
  };
}

async function askAll({
  abort,
  groups,
  pool,
  settings,
}: FleetStatusOptions): Promise<Map<string, StatusAnswer>> {
  const answers = new Map<string, StatusAnswer>();
  const job = runJob({
    hosts: groups.flatMap(({ hosts }) => hosts),
    command: posixScript(statusProbeScript(settings)),
    transport: pool,
    batchSize: AT_ONCE,
    hostTimeoutMs: settings.connectTimeoutMs + PROBE_TIMEOUT_MS,
    outputLimitBytes: OUTPUT_BYTES,
    signal: abort,
  });
  for await (const result of job) answers.set(result.host, answerOf(result));
  return answers;
}

function answerOf(result: HostResult): StatusAnswer {
  const hosts = [result.host];
  const state = result.status === "ok" ? parseStatusProbe(result.stdout.text) : undefined;
  if (state !== undefined) return { text: describe(state), hosts, ...state };
  return { ...problemOf(result), hosts, ...NOT_DEPLOYED };
}

function describe({ current, done, inProgress }: HostState): string {
  const fetched = inProgress === null || inProgress === current ? "" : ` (${inProgress.slice(0, 7)} fetched)`;
  if (current === null) return `not deployed${fetched}`;
  return `${current.slice(0, 7)}${fetched === "" && done !== current ? " (not finalized)" : fetched}`;
}

/** Why nothing is known of a host. */
export function problemOf(result: HostResult): { readonly problem: string; readonly text: string } {
  if ("error" in result) return { problem: result.error.code, text: result.error.message };
  if (result.status === "timed-out") return { problem: "TIMED_OUT", text: "no answer in time" };
  if (!hasFailed(result) && result.status !== "ok") return { problem: "NOT_ASKED", text: "not asked" };
  return { problem: "PROBE_FAILED", text: "the answer is not that of a POSIX shell" };
}

/** Puts equal answers together: what differs only in the host's name or in process numbers is the same. */
function fold(answers: readonly StatusAnswer[]): StatusAnswer[] {
  const folded = new Map<string, StatusAnswer & { hosts: string[] }>();
  for (const answer of answers) {
    const key = foldKey(answer);
    const known = folded.get(key);
    if (known === undefined) folded.set(key, { ...answer, hosts: [...answer.hosts] });
    else known.hosts.push(...answer.hosts);
  }
  return [...folded.values()].toSorted((a, b) => b.hosts.length - a.hosts.length);
}

function foldKey({ hosts: [host = ""], staleProcesses, text, ...rest }: StatusAnswer): string {
  const processes = new Set(staleProcesses.map(({ command, revision }) => `${revision} ${command}`));
  return JSON.stringify([rest, [...processes].toSorted(), text.replaceAll(host, "<host>")]);
}
