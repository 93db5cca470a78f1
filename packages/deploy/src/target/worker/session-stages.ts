import type { DeployInfo } from "../../deploy-info.ts";
import type { StageRequest, StageResult } from "../../protocol.ts";
import type { UnitGuard } from "../guards/unit-guard.ts";
import { restoreRevision } from "../repair/restore-revision.ts";
import { MARKER_VARIABLE } from "../run-lock.ts";
import { obtainRevision } from "../sources/obtain-revision.ts";
import { notingDamage } from "../sources/pack-bases.ts";
import type { StageContext } from "../stage-context.ts";
import { runStages, runTasks } from "../stages/run-stages.ts";
import type { SessionHost, WorkerSessionOptions } from "./session-host.ts";
import type { SessionTransfers } from "./session-transfers.ts";

/** What {@link SessionStages} needs. */
export interface SessionStagesOptions {
  readonly host: SessionHost;
  readonly transfers: SessionTransfers;
  /** What stages work with on this host. */
  readonly means: Pick<WorkerSessionOptions, "logger" | "services" | "render" | "secondarySignalFile">;
}

/** Runs the stages of a session: under its leases, and with a guard where they switch. */
export class SessionStages {
  readonly #options: SessionStagesOptions;
  /** Of the last stage; not yet dismissed when that failed and the deploy server has to decide. */
  #unit: UnitGuard | undefined;

  constructor(options: SessionStagesOptions) {
    this.#options = options;
  }

  /** Runs one stage, or the tasks around it. */
  async run(request: StageRequest, info: DeployInfo, signal: AbortSignal): Promise<StageResult> {
    const { host, transfers } = this.#options;
    const leases = host.writer?.leases;
    if (request.stage === "fetch") transfers.requireWhole();
    this.dismissGuard();
    const unit = leases?.unitGuard(request);
    this.#unit = unit;
    const context = this.#stageContext(request, info, signal);
    const work = async (): Promise<StageResult> =>
      request.tasks === undefined
        ? await runStages([request.stage], context)
        : await runTasks(request.stage, request.tasks, context);
    const result = await notingDamage(host.paths, leases === undefined ? work() : leases.during(work));
    unit?.dismiss();
    return result;
  }

  /** Makes the revision of a deploy info whole. */
  async restore(info: DeployInfo, signal: AbortSignal): Promise<void> {
    const { host, transfers } = this.#options;
    transfers.requireWhole();
    const context = { ...this.#context(info, signal), force: true, showsSecrets: false };
    await notingDamage(host.paths, restoreRevision(context));
  }

  /** The host is to stay as the last stage left it, also where that failed. */
  dismissGuard(): void {
    this.#unit?.dismiss();
  }

  #stageContext(request: StageRequest, info: DeployInfo, signal: AbortSignal): StageContext {
    const { force, group, leaving, showsSecrets = false } = request;
    const startLease = this.#options.host.writer?.leases.starter(request, info.commit);
    const unit = this.#unit;
    return {
      ...this.#context(info, signal),
      ...(group === undefined ? {} : { group }),
      ...(startLease === undefined ? {} : { startLease }),
      ...(unit === undefined ? {} : { guardUnit: () => unit.start() }),
      ...(leaving === undefined ? {} : { leaving }),
      force,
      showsSecrets,
    };
  }

  #context(info: DeployInfo, signal: AbortSignal): Omit<StageContext, "force" | "showsSecrets"> {
    const { host, means, transfers } = this.#options;
    const { paths } = host;
    const seat = host.writer?.seat;
    return {
      ...means,
      paths,
      info,
      signal,
      environment: seat === undefined ? {} : { [MARKER_VARIABLE]: seat.marker },
      assertHeld: async () => await seat?.assertHeld(),
      obtainRevision: async () => {
        const isReceived = transfers.hasReceived(info.commit);
        await obtainRevision(paths, info, { isReceived, signal });
      },
    };
  }
}
