import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import type { SshConnection, SshPool } from "@scap/ssh-job";
import { shellText } from "@scap/ssh-job";
import { TargetError } from "../errors.ts";
import { PROTOCOL_VERSION, type HelloResult, type LargeFilesResult, type StageResult } from "../protocol.ts";
import type { StageName } from "../stage.ts";
import type { Fleet, FleetStageOptions, FleetStageResult } from "./fleet.ts";
import type { NoopProbe } from "./noop-probe.ts";
import { packedFor } from "./packed-for.ts";
import type { RevisionPacks } from "./revision-packs.ts";
import type { NewRequest, WorkerClient } from "./worker-client.ts";
import { TransferGate } from "./transfer-gate.ts";
import type { Parcel } from "./delivery/parcel.ts";
import type { Runtimes } from "./delivery/runtimes.ts";
import { openWorker, type WorkerFile } from "./worker-delivery.ts";

/** What a fleet needs to work on targets. */
export interface SshFleetOptions {
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  /** What hosts without a fitting Node are sent. */
  readonly runtimes: Runtimes;
  readonly repo: string;
  readonly gitDeployDir: string;
  /** Names this run; see the protocol. */
  readonly run: string;
  /** False for work that only reads. */
  readonly writer: boolean;
  readonly force: boolean;
  /** Whether targets show what `remote_vars` brought in. @defaultValue false */
  readonly showsSecrets?: boolean;
  /** Longest time for connecting and greeting a host, and for one stage on one host, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly stageTimeoutMs: number;
  /** The deploy info to publish on every host before its first stage. */
  readonly deployInfo?: DeployInfoMessage;
  /** Object id of the revision that is deployed. */
  readonly commit?: string;
  /** Asked once a run before a revision that is marked as bad on a host gets there again. @defaultValue no */
  readonly mayUseBad?: (host: string, reason: string) => Promise<boolean>;
  /** Looks on each host first whether there is anything to do at all. */
  readonly probe?: NoopProbe;
  /** Where the revision comes from; absent when targets fetch it from a `git_server` or when none is needed. */
  readonly packs?: RevisionPacks;
  /** Gets every line that a target says, a log record or plain text. */
  readonly onLine: (host: string, line: string) => void;
  /** Told when a host is sent something that it keeps for later deployments. */
  readonly onDelivery?: (host: string, parcel: Parcel) => void;
  /** Stops everything at once. */
  readonly abort: AbortSignal;
}

/** A deploy info on its way. */
export interface DeployInfoMessage {
  readonly yaml: string;
  readonly sha256: string;
  readonly dryRun: boolean;
}

/** Hosts that get packs or the worker's file at once: enough to fill the network, few enough to bound the memory. */
const TRANSFERS_AT_ONCE = 12;

/** What a worker may need to take over from one that hangs, in milliseconds. */
const TAKEOVER_MS = 15_000;

interface Target {
  readonly kind: "worker";
  readonly host: string;
  readonly connection: SshConnection;
  readonly client: WorkerClient;
  hello: HelloResult;
  hasRevision: boolean;
}

/** A host where the deployment has nothing to do; no worker runs there. */
interface IdleTarget {
  readonly kind: "idle";
  readonly connection: SshConnection;
}

/** A fleet over SSH: one connection and one worker process a host, opened when the host is first needed. */
export class SshFleet implements Fleet {
  readonly #options: SshFleetOptions;
  readonly #gate = new TransferGate(TRANSFERS_AT_ONCE);
  /** Hosts that work at once share one answer. */
  #isBadAllowed: Promise<boolean> | undefined;
  readonly #targets = new Map<string, Promise<Target | IdleTarget>>();

  constructor(options: SshFleetOptions) {
    this.#options = options;
  }

  async stage(host: string, stage: StageName, options: FleetStageOptions): Promise<FleetStageResult> {
    const { force, showsSecrets = false, stageTimeoutMs } = this.#options;
    const target = await this.#target(host, stage === "rollback");
    if (target.kind === "idle") return { noop: true };
    if (stage === "fetch" || stage === "promote") await this.#refuseBad(host, target);
    const run = async (): Promise<FleetStageResult> => {
      const common = { ...options, force, showsSecrets, timeoutMs: stageTimeoutMs };
      const request = { op: "stage", stage, ...common } as const;
      // The protocol's shape for this request.
      return (await this.#request(target, request, stageTimeoutMs)) as StageResult;
    };
    return stage === "fetch" && options.tasks === undefined ? this.#withRevision(target, run) : run();
  }

  /**
   * Makes the fleet's revision whole again on a host where a rollback would need it.
   *
   * @param deployInfo - for that revision, where the host has none
   * @param hasObjects - false where the host is known to have lost objects
   */
  async restore(host: string, deployInfo: string, hasObjects: boolean): Promise<void> {
    const { stageTimeoutMs } = this.#options;
    const target = await this.#target(host, false);
    if (target.kind === "idle") throw new TypeError("A fleet that restores has no probe");
    if (!hasObjects) distrust(target);
    const request = { op: "restore", deployInfo, timeoutMs: stageTimeoutMs } as const;
    await this.#withRevision(target, () => this.#request(target, request, stageTimeoutMs));
  }

  /** Sends what the host lacks of the revision, then does the work; once more with everything if that was too little. */
  async #withRevision<T>(target: Target, work: () => Promise<T>): Promise<T> {
    await this.#sendRevision(target);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TargetError) || error.code !== "OBJECTS_MISSING") throw error;
      distrust(target);
      await this.#sendRevision(target);
      return await work();
    }
  }

  async confirm(host: string): Promise<void> {
    const { commit, connectTimeoutMs } = this.#options;
    const target = await this.#target(host, false);
    if (target.kind === "idle" || commit === undefined) return;
    await this.#request(target, { op: "confirm", commit }, connectTimeoutMs);
  }

  async renew(host: string): Promise<void> {
    const target = await this.#target(host, false);
    if (target.kind === "worker")
      await this.#request(target, { op: "renew" }, this.#options.connectTimeoutMs);
  }

  async #refuseBad(host: string, { hello }: Target): Promise<void> {
    const { commit = "", mayUseBad } = this.#options;
    const known = hello.verdicts[commit];
    if (known?.verdict !== "bad") return;
    const reason = known.reason ?? "no reason is known";
    this.#isBadAllowed ??= mayUseBad?.(host, reason) ?? Promise.resolve(false);
    if (await this.#isBadAllowed) return;
    throw new TargetError(host, `${commit.slice(0, 7)} is marked as bad on the host: ${reason}`, {
      code: "REVISION_BAD",
      hint: "Deploy another revision, or this one all the same with --allow-bad.",
    });
  }

  /** Ends all workers and connections. */
  async close(): Promise<void> {
    const targets = await Promise.allSettled(this.#targets.values());
    await Promise.all(
      targets.map(async (target) => {
        if (target.status === "rejected") return;
        if (target.value.kind === "worker") await target.value.client.close();
        await target.value.connection.close();
      }),
    );
  }

  /** The open target; a lost one is opened again only for a rollback, which must not depend on an old connection. */
  async #target(host: string, reopens: boolean): Promise<Target | IdleTarget> {
    const known = this.#targets.get(host);
    if (known !== undefined && !reopens) return known;
    const alive = await known?.then(
      (target) => (target.kind === "worker" && target.client.isLost ? undefined : target),
      () => undefined,
    );
    if (alive !== undefined) return alive;
    const opening = this.#open(host).catch((error: unknown) => {
      const { abort } = this.#options;
      throw abort.aborted && error === abort.reason ? stoppedOn(host, error) : asHostFailure(host, error);
    });
    opening.catch(() => {});
    this.#targets.set(host, opening);
    return opening;
  }

  async #open(host: string): Promise<Target | IdleTarget> {
    const { abort, connectTimeoutMs, gitDeployDir, onDelivery, onLine, pool, probe } = this.#options;
    const { repo, run, runtimes, workerFile, writer } = this.#options;
    const connection = await pool.connect(host, { signal: abort });
    const opened = await openWorker({
      host,
      ...(probe === undefined ? {} : { probe }),
      file: workerFile,
      timeoutMs: connectTimeoutMs + TAKEOVER_MS,
      gate: this.#gate,
      runtimes,
      onDelivery: (parcel) => onDelivery?.(host, parcel),
      onLine: (line) => onLine(host, line),
      connection: { start: (script) => connection.exec(shellText(script), { signal: abort }) },
      hello: { op: "hello", protocol: PROTOCOL_VERSION, repo, gitDeployDir, run, writer },
    });
    if (opened.kind === "nothing-to-do") return { kind: "idle", connection };
    const { client, hello } = opened;
    const target: Target = { kind: "worker", host, connection, client, hello, hasRevision: false };
    this.#publish(target);
    return target;
  }

  #publish({ client }: Target): void {
    const { connectTimeoutMs, deployInfo } = this.#options;
    if (deployInfo === undefined) return;
    const { dryRun, sha256, yaml } = deployInfo;
    // Not awaited: the next request follows on its heels, and the worker answers in order.
    const published = client.request(
      { op: "publish", deployInfo: yaml, sha256, dryRun },
      { timeoutMs: connectTimeoutMs },
    );
    published.catch(() => {});
  }

  async #sendRevision(target: Target): Promise<void> {
    const { packs } = this.#options;
    if (packs === undefined || target.hasRevision) return;
    target.hasRevision = true;
    for (const pack of await packedFor(target.host, packs.packsFor(target.hello))) {
      const { open, ...request } = pack;
      const sent = this.#request(target, { op: "pack", ...request }, this.#options.stageTimeoutMs, open);
      // The stage that follows fails with the reason when a pack did not arrive.
      sent.catch(() => {});
    }
    await this.#sendLargeFiles(target, packs);
  }

  async #sendLargeFiles(target: Target, packs: RevisionPacks): Promise<void> {
    const { stageTimeoutMs } = this.#options;
    const sets = await packedFor(target.host, packs.largeFilesFor(target.hello));
    for (const { files, ...place } of sets) {
      const wanted = files.map(({ bytes, id }) => ({ id, bytes }));
      const asked = this.#request(target, { op: "large-files", files: wanted, ...place }, stageTimeoutMs);
      const { missing } = (await asked) as LargeFilesResult; // the protocol's answer to this request
      for (const { bytes, id, path } of files.filter((file) => missing.includes(file.id))) {
        const request = { op: "large-file", fileId: id, payloadBytes: bytes, ...place } as const;
        const sent = this.#request(target, request, stageTimeoutMs, () => createReadStream(path));
        sent.catch(() => {});
      }
    }
  }

  #request(
    target: Target,
    request: NewRequest,
    timeoutMs: number,
    payload?: () => Readable,
  ): Promise<unknown> {
    // The worker ends the work itself when its time is up; waiting a little longer lets it say so.
    const patience = { timeoutMs: timeoutMs + this.#options.connectTimeoutMs };
    return target.client.request(request, payload === undefined ? patience : { ...patience, payload });
  }
}

/** The host is not as it said, so it gets everything. */
function distrust(target: Target): void {
  target.hello = { ...target.hello, bases: [], submoduleBases: {}, completeRevisions: [] };
  target.hasRevision = false;
}

/** The order to stop met the host while it was being connected. */
function stoppedOn(host: string, reason: unknown): TargetError {
  const message = reason instanceof Error ? reason.message : "Stopped";
  return new TargetError(host, message, { code: "STOPPED", isUnreachable: true, cause: reason });
}

/** A failure of SSH is its host's failure, not the run's; anything else is a bug and passes. */
function asHostFailure(host: string, error: unknown): unknown {
  if (error instanceof TargetError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === undefined || code.startsWith("ERR_")) return error;
  const hint = "hint" in error && typeof error.hint === "string" ? { hint: error.hint } : {};
  return new TargetError(host, error.message, { code, ...hint, isUnreachable: true, cause: error });
}
