import { runJob, posixScript, type HostResult, type SshPool } from "@scap/ssh-job";
import { DeployError } from "../../errors.ts";
import { platformText, type HostPlatform } from "../delivery/host-platform.ts";
import type { Runtimes } from "../delivery/runtimes.ts";
import type { PreparedDeployment } from "../plan/prepare.ts";
import type { WorkerFile } from "../delivery/worker-delivery.ts";
import { checkScript } from "./check-script.ts";
import { examineFailure } from "./examine-failure.ts";
import { examineHost, type HostNeeds } from "./examine-host.ts";
import { foldFindings, type Finding, type HostFinding } from "./finding.ts";
import type { HostFacts } from "./host-facts.ts";
import { parseHostFacts } from "./parse-host-facts.ts";
import { largeFileBytes, objectBytes, revisionSize, type RevisionSize } from "./revision-size.ts";
import { serverFindings } from "./server-findings.ts";

export interface CheckHostsOptions {
  readonly prepared: PreparedDeployment;
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  readonly runtimes: Runtimes;
  /** Login on the hosts, for commands that repair. */
  readonly user?: string;
  readonly abort: AbortSignal;
}

/** Whether a deployment can start, and go back. */
export interface HostsReport {
  readonly repo: string;
  readonly commit: string;
  readonly hosts: readonly string[];
  /** Hosts without a problem. */
  readonly ready: readonly string[];
  /** Problems first; equal causes of several hosts once. Those of the deploy server itself have no hosts. */
  readonly findings: readonly Finding[];
  /** Hosts whose revision to go back to is not whole. */
  readonly returns: readonly BrokenReturn[];
}

/** A host whose revision to go back to is not whole. */
export interface BrokenReturn {
  readonly host: string;
  readonly commit: string;
  /** True where only the link that names it is lost. */
  readonly isWhole: boolean;
  /** False where its repository has lost objects. */
  readonly hasObjects: boolean;
}

/** Hosts looked at at once. */
const AT_ONCE = 80;
/** Longest time for one host, besides connecting. */
const CHECK_TIMEOUT_MS = 120_000;
/** Left free on every file system: logs and rendered files grow too. */
const SPARE_BYTES = 16 * 1024 * 1024;
const SPARE_INODES = 100;

/** Looks at every host of a prepared deployment, one round trip each. Changes nothing. */
export async function checkHosts(options: CheckHostsOptions): Promise<HostsReport> {
  const { commit, groups, repo } = options.prepared.plan;
  const hosts = groups.flatMap((group) => group.hosts);
  const examination = await Examination.begin(options);
  const found: { host: string; finding: HostFinding }[] = [];
  const returns: BrokenReturn[] = [];
  for await (const result of look(options, hosts)) {
    const { host } = result;
    const { broken, findings } = await examination.of(result);
    found.push(...findings.map((finding) => ({ host, finding })));
    if (broken !== undefined) returns.push(broken);
  }
  const findings = [...(await serverFindings(options, hosts.length)), ...foldFindings(inOrder(found, hosts))];
  const hurt = new Set(findings.filter(({ level }) => level === "problem").flatMap((each) => each.hosts));
  return {
    ...{ repo, commit, hosts, findings, returns },
    ready: hosts.filter((host) => !hurt.has(host)),
  };
}

/** Whether the report says that nothing has to be done first. */
export function isReady({ findings }: HostsReport): boolean {
  return findings.every(({ level }) => level !== "problem");
}

function look(
  { abort, pool, prepared }: CheckHostsOptions,
  hosts: readonly string[],
): AsyncIterable<HostResult> {
  const { plan, settings } = prepared;
  const { configDeploy, gitDeployDir, hasFat, hasLfs, hasSubmodules } = settings;
  const { commit, repo } = plan;
  const check = { repo, commit, configDeploy, gitDeployDir, hasFat, hasLfs, hasSubmodules };
  return runJob({
    hosts,
    command: posixScript(checkScript(check)),
    transport: pool,
    batchSize: AT_ONCE,
    hostTimeoutMs: settings.connectTimeoutMs + CHECK_TIMEOUT_MS,
    signal: abort,
  });
}

function inOrder<T extends { host: string }>(found: readonly T[], hosts: readonly string[]): T[] {
  const place = new Map(hosts.map((host, at) => [host, at]));
  return found.toSorted((a, b) => (place.get(a.host) ?? 0) - (place.get(b.host) ?? 0));
}

/** What is the same for many hosts is looked up once. */
class Examination {
  readonly #options: CheckHostsOptions;
  readonly #size: RevisionSize;
  readonly #objects = new Map<string, Promise<number | undefined>>();
  readonly #runtimes = new Map<string, Promise<FittingRuntime>>();

  static async begin(options: CheckHostsOptions): Promise<Examination> {
    const { plan, repository, settings } = options.prepared;
    const submodules = settings.hasSubmodules ? await repository.submodules(plan.commit) : [];
    const wanted = { repository, submodules, commit: plan.commit, largeFiles: settings.hasLfs };
    return new Examination(options, await revisionSize(wanted));
  }

  private constructor(options: CheckHostsOptions, size: RevisionSize) {
    this.#options = options;
    this.#size = size;
  }

  async of(result: HostResult): Promise<{ broken?: BrokenReturn; findings: HostFinding[] }> {
    const endedAt = Date.now() / 1000;
    const facts = result.status === "ok" ? parseHostFacts(result.stdout.text) : undefined;
    if (facts === undefined) return { findings: [examineFailure(result, this.#options.user)] };
    const clockAheadSeconds = aheadOf(facts.clock, endedAt - result.durationMs / 1000, endedAt);
    const findings = examineHost(facts, await this.#needs(facts, clockAheadSeconds));
    const codes = findings.map(({ code }) => code).filter((code) => code.startsWith("PREVIOUS_"));
    const commit = facts.back?.commit ?? facts.lost;
    if (commit === null || codes.length === 0) return { findings };
    const isWhole = codes.every((code) => code === "PREVIOUS_UNKNOWN");
    const hasObjects = facts.back?.flaws.includes("objects") !== true;
    return { findings, broken: { host: result.host, commit, isWhole, hasObjects } };
  }

  async #needs(facts: HostFacts, clockAheadSeconds: number): Promise<HostNeeds> {
    const { prepared, runtimes, workerFile } = this.#options;
    const { bytes, entries } = this.#size;
    const deploys = !facts.hasRevision;
    return {
      repo: prepared.plan.repo,
      deployBytes: deploys ? bytes + ((await this.#objectBytes(facts.current)) ?? bytes) + SPARE_BYTES : 0,
      deployInodes: deploys ? entries + SPARE_INODES : 0,
      cacheBytes: workerFile.bytes.length,
      ...(facts.hasNode ? { runtime: undefined } : await this.#runtime(facts)),
      runtimeMode: runtimes.mode,
      clockAheadSeconds,
    };
  }

  async #objectBytes(base: string | null): Promise<number | undefined> {
    const counting = this.#objects.get(base ?? "") ?? this.#count(base);
    this.#objects.set(base ?? "", counting);
    return counting;
  }

  async #count(base: string | null): Promise<number | undefined> {
    const { plan, repository, settings } = this.#options.prepared;
    const objects = await objectBytes(repository, plan.commit, base);
    if (objects === undefined || !settings.hasLfs) return objects;
    return objects + (await largeFileBytes(repository, plan.commit, base));
  }

  async #runtime({ platform }: HostFacts): Promise<FittingRuntime> {
    const { runtimes } = this.#options;
    if (platform === undefined || runtimes.mode === "never") return { runtime: undefined };
    const key = platformText(platform);
    const choosing = this.#runtimes.get(key) ?? chooseRuntime(runtimes, platform);
    this.#runtimes.set(key, choosing);
    return choosing;
  }
}

type FittingRuntime = Pick<HostNeeds, "runtime" | "runtimeFailure">;

/** A runtime file that cannot be used ends the search, as it would end a deployment. */
async function chooseRuntime(runtimes: Runtimes, platform: HostPlatform): Promise<FittingRuntime> {
  try {
    return { runtime: await runtimes.for(platform) };
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return { runtime: undefined, runtimeFailure: error.message };
  }
}

/** How far a clock is outside of the time in which it was read. */
function aheadOf(clock: number, from: number, to: number): number {
  // The host tells whole seconds.
  if (clock > to) return clock - to;
  return clock + 1 < from ? clock + 1 - from : 0;
}
