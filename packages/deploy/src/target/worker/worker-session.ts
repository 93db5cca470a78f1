import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

import type { DeployInfo } from "../../deploy-info.ts";
import { parseDeployInfo } from "../../parse-deploy-info.ts";
import type {
  ConfirmRequest,
  HelloRequest,
  HelloResult,
  LargeFileRequest,
  LargeFilesRequest,
  LargeFilesResult,
  PackRequest,
  PublishRequest,
  RestoreRequest,
  StageRequest,
  StageResult,
} from "../../protocol.ts";
import { repairHost } from "../repair/repair-host.ts";
import { restoreInfo } from "../repair/restore-revision.ts";
import { missingLargeFiles } from "../sources/receive-large-file.ts";
import { TargetWorkError } from "../target-error.ts";
import { writeFileAtomically } from "../write-file.ts";
import { readHostFacts } from "./host-facts.ts";
import { openHost, type SessionHost, type SessionWriter, type WorkerSessionOptions } from "./session-host.ts";
import { SessionStages } from "./session-stages.ts";
import { SessionTransfers } from "./session-transfers.ts";

/** One run's work on one repository of this host, request by request. */
export class WorkerSession {
  readonly #options: WorkerSessionOptions;
  readonly #transfers = new SessionTransfers();
  #host: SessionHost | undefined;
  #stages: SessionStages | undefined;
  #info: DeployInfo | undefined;
  #hasYielded = false;

  constructor(options: WorkerSessionOptions) {
    this.#options = options;
  }

  /** Answers `hello`: takes the writer's seat when asked to and repairs what a crash left. */
  async hello(request: HelloRequest, signal: AbortSignal): Promise<HelloResult> {
    const host = await openHost(request, this.#options);
    this.#host = host;
    const { logger, render, secondarySignalFile, services } = this.#options;
    const means = { logger, render, secondarySignalFile, services };
    this.#stages = new SessionStages({ host, means, transfers: this.#transfers });
    const { paths, writer } = host;
    if (writer !== undefined) await repairHost({ ...this.#options, paths, seat: writer.seat, signal });
    return await this.status();
  }

  /** Answers `status`: what is on this host. */
  async status(): Promise<HelloResult> {
    return await readHostFacts(this.#greeted.paths);
  }

  /** Answers `publish`: the deploy info for the stages to come. */
  async publish(request: PublishRequest): Promise<void> {
    const { paths } = this.#greeted;
    const sum = createHash("sha256").update(request.deployInfo).digest("hex");
    if (sum !== request.sha256.toLowerCase()) {
      throw new TargetWorkError("The deploy info was damaged on its way", { code: "DEPLOY_INFO" });
    }
    const published = parseDeployInfo(request.deployInfo, "deploy info");
    this.#info = { ...(await this.#options.ownOptions()), ...published };
    if (this.#info.umask !== undefined) process.umask(this.#info.umask);
    if (request.dryRun) return;
    await this.#heldWriter();
    await writeFileAtomically(paths.config, request.deployInfo);
  }

  /** Answers `pack`: objects for the cache. */
  async pack(request: PackRequest, payload: Readable, signal: AbortSignal): Promise<void> {
    await this.#heldWriter();
    await this.#transfers.pack(this.#greeted.paths, request, { payload, signal });
  }

  /** Answers `large-files`: what is missing here. */
  async largeFiles(request: LargeFilesRequest): Promise<LargeFilesResult> {
    return { missing: await missingLargeFiles(this.#greeted.paths, request) };
  }

  /** Answers `large-file`: content for the cache. */
  async largeFile(request: LargeFileRequest, payload: Readable, signal: AbortSignal): Promise<void> {
    await this.#heldWriter();
    await this.#transfers.largeFile(this.#greeted.paths, request, { payload, signal });
  }

  /** Answers `stage`. */
  async stage(request: StageRequest, signal: AbortSignal): Promise<StageResult> {
    const stages = this.#ownStages;
    if (this.#info === undefined) {
      throw new TargetWorkError("No deploy info was published", { code: "PROTOCOL" });
    }
    if (request.stage !== "config_diff") await this.#heldWriter();
    return await stages.run(request, this.#info, signal);
  }

  /** Answers `bye`: the deploy server leaves this host as it is, also where a stage failed. */
  bye(): void {
    this.#stages?.dismissGuard();
  }

  /** Answers `restore`. */
  async restore(request: RestoreRequest, signal: AbortSignal): Promise<void> {
    const stages = this.#ownStages;
    await this.#heldWriter();
    const offered = parseDeployInfo(request.deployInfo, "deploy info");
    const info = await restoreInfo(this.#greeted.paths, offered);
    if (info.umask !== undefined) process.umask(info.umask);
    await stages.restore(info, signal);
  }

  /**
   * Answers `confirm`.
   *
   * @throws TargetWorkError `LEASE_ENDED` when the host has gone back meanwhile
   */
  async confirm({ commit }: ConfirmRequest): Promise<void> {
    const { leases } = await this.#heldWriter();
    await leases.confirm(commit);
  }

  /** Answers `renew`. */
  async renew(): Promise<void> {
    const { leases } = await this.#heldWriter();
    await leases.renew();
  }

  /** Gives the seat up; nothing can be changed after that. */
  async yieldSeat(): Promise<void> {
    if (!this.#hasYielded) await this.#host?.writer?.seat.release();
    this.#hasYielded = true;
  }

  /** Whether a newer run has taken over, for words about why this one was stopped. */
  async fencedBy(): Promise<unknown> {
    return await this.#host?.writer?.seat.assertHeld().then(
      () => undefined,
      (cause: unknown) => cause,
    );
  }

  get #greeted(): SessionHost {
    if (this.#host === undefined) throw notGreeted();
    return this.#host;
  }

  get #ownStages(): SessionStages {
    if (this.#stages === undefined) throw notGreeted();
    return this.#stages;
  }

  /** Call before every change. */
  async #heldWriter(): Promise<SessionWriter> {
    const { writer } = this.#greeted;
    if (writer === undefined) {
      throw new TargetWorkError("This run did not ask to change anything", { code: "PROTOCOL" });
    }
    await writer.seat.assertHeld();
    return writer;
  }
}

function notGreeted(): TargetWorkError {
  return new TargetWorkError("The first request must be hello", { code: "PROTOCOL" });
}
