import type { SshPool } from "@scap/ssh-job";
import { TargetError } from "../errors.ts";
import type { HelloResult } from "../protocol.ts";
import type { DeploySettings } from "./settings.ts";
import { SshFleet } from "./ssh-fleet.ts";
import type { WorkerFile } from "./worker-delivery.ts";

export interface FleetStatusOptions {
  readonly groups: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly settings: DeploySettings;
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  readonly abort: AbortSignal;
}

/** Hosts that gave the same answer. */
export interface StatusAnswer {
  /** What is live, or why that is not known. */
  readonly text: string;
  /** Stable code of the reason why it is not known; absent when it is. */
  readonly problem?: string;
  /** Full object id of the live revision. */
  readonly current: string | null;
  readonly hosts: readonly string[];
}

export interface FleetStatus {
  readonly groups: readonly { readonly group: string; readonly answers: readonly StatusAnswer[] }[];
  /** Whether every host answered and all have the same revision live. */
  readonly isUniform: boolean;
}

/** Asks every host what is live on it, one round trip each, and folds equal answers. Changes nothing. */
export async function fleetStatus(options: FleetStatusOptions): Promise<FleetStatus> {
  const { settings } = options;
  const fleet = new SshFleet({
    ...options,
    repo: settings.repo,
    gitDeployDir: settings.gitDeployDir,
    run: "",
    writer: false,
    force: false,
    connectTimeoutMs: settings.connectTimeoutMs,
    stageTimeoutMs: settings.stageTimeoutMs,
    onLine: () => {},
  });
  try {
    const groups = await Promise.all(
      options.groups.map(async ({ hosts, name }) => ({ group: name, answers: await askGroup(fleet, hosts) })),
    );
    const answers = groups.flatMap((group) => group.answers);
    const revisions = new Set(answers.map(({ current }) => current));
    return { groups, isUniform: revisions.size === 1 && !revisions.has(null) };
  } finally {
    await fleet.close();
  }
}

async function askGroup(fleet: SshFleet, hosts: readonly string[]): Promise<StatusAnswer[]> {
  const answers = new Map<string, StatusAnswer & { readonly hosts: string[] }>();
  const replies = await Promise.all(hosts.map(async (host) => ({ host, ...(await ask(fleet, host)) })));
  for (const { host, ...reply } of replies) {
    const key = reply.text.replaceAll(host, "<host>");
    const answer = answers.get(key) ?? { ...reply, hosts: [] };
    answer.hosts.push(host);
    answers.set(key, answer);
  }
  return [...answers.values()];
}

async function ask(fleet: SshFleet, host: string): Promise<Omit<StatusAnswer, "hosts">> {
  try {
    const hello = await fleet.status(host);
    return { text: describe(hello), current: hello.current };
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    return { text: error.message, problem: error.code, current: null };
  }
}

function describe({ current, done, inProgress }: HelloResult): string {
  if (current === null) return "not deployed";
  const short = current.slice(0, 7);
  if (inProgress !== null && inProgress !== current) return `${short} (${inProgress.slice(0, 7)} fetched)`;
  return done === current ? short : `${short} (not finalized)`;
}
