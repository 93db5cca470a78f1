import { TargetError } from "../../errors.ts";
import type { StageResult } from "../../protocol.ts";
import type { StageName } from "../../stage.ts";
import type { Fleet, FleetStageOptions, FleetStageResult } from "./fleet.ts";
import { askTarget, openTarget, type IdleTarget, type Target } from "./open-target.ts";
import { distrust, withRevision, type RevisionSource } from "./send-revision.ts";
import type { SshFleetOptions } from "./ssh-fleet-options.ts";
import { TransferGate, TRANSFERS_AT_ONCE } from "../worker/transfer-gate.ts";
import type { NewRequest } from "../worker/worker-client.ts";

/** How a deployment ends on a host: for good, or back. */
const LAST_STAGES: ReadonlySet<StageName> = new Set(["finalize", "rollback"]);

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
    const target = await this.#target(host, LAST_STAGES.has(stage));
    if (target.kind === "idle") return { noop: true };
    if (stage === "fetch" || stage === "promote") await this.#refuseBad(host, target);
    const run = async (): Promise<FleetStageResult> => {
      const common = { ...options, force, showsSecrets, timeoutMs: stageTimeoutMs };
      const request = { op: "stage", stage, ...common } as const;
      // The protocol's shape for this request.
      return (await this.#request(target, request, stageTimeoutMs)) as StageResult;
    };
    return stage === "fetch" && options.tasks === undefined ? withRevision(target, this.#source, run) : run();
  }

  /** Lets a host put its own notes and links right, which a worker does before anything else. */
  async repair(host: string): Promise<void> {
    await this.#target(host, false);
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
    await withRevision(target, this.#source, () => this.#request(target, request, stageTimeoutMs));
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

  /** The open target; a lost one is opened again only for how it ends, which must not depend on an old connection. */
  async #target(host: string, reopens: boolean): Promise<Target | IdleTarget> {
    const known = this.#targets.get(host);
    if (known !== undefined && !reopens) return known;
    const target = await known?.catch(() => undefined);
    if (target !== undefined && !(target.kind === "worker" && target.client.isLost)) return target;
    const opening = this.#reopen(host, target);
    opening.catch(() => {});
    this.#targets.set(host, opening);
    return opening;
  }

  /** Whatever keeps a worker from answering may have met its connection, which nobody would notice for half a minute. */
  async #reopen(host: string, lost: Target | IdleTarget | undefined): Promise<Target | IdleTarget> {
    await lost?.connection.close();
    return await openTarget(host, this.#options, this.#gate);
  }

  get #source(): RevisionSource {
    const { connectTimeoutMs, packs, stageTimeoutMs } = this.#options;
    return { packs, connectTimeoutMs, timeoutMs: stageTimeoutMs };
  }

  #request(target: Target, request: NewRequest, timeoutMs: number): Promise<unknown> {
    const { connectTimeoutMs } = this.#options;
    return askTarget(target, request, { timeoutMs, connectTimeoutMs });
  }
}
