import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { Readable } from "node:stream";

import type { Logger } from "@scap/log";

import type { DeployInfo } from "../../deploy-info.ts";
import { parseDeployInfo } from "../../parse-deploy-info.ts";
import {
  PROTOCOL_VERSION,
  type ConfirmRequest,
  type HelloRequest,
  type HelloResult,
  type LargeFileRequest,
  type LargeFilesRequest,
  type LargeFilesResult,
  type PackRequest,
  type PublishRequest,
  type RestoreRequest,
  type StageRequest,
  type StageResult,
} from "../../protocol.ts";
import { readHostFacts } from "./host-facts.ts";
import { obtainRevision } from "../sources/obtain-revision.ts";
import { makeDirectories } from "../make-directories.ts";
import { notingDamage } from "../sources/pack-bases.ts";
import type { OwnCommand } from "../guards/promote-guard.ts";
import { missingLargeFiles } from "../sources/receive-large-file.ts";
import type { ConfigRenderer } from "../config/render-config-files.ts";
import { repairHost } from "../repair/repair-host.ts";
import { realDirectory } from "../revisions/revisions.ts";
import { MARKER_VARIABLE } from "../run-lock.ts";
import { SessionLeases } from "./session-leases.ts";
import { SessionTransfers } from "./session-transfers.ts";
import { restoreInfo, restoreRevision } from "../repair/restore-revision.ts";
import { runStages, runTasks } from "../stages/run-stages.ts";
import type { ServiceManager } from "../services/service-manager.ts";
import type { StageContext } from "../stage-context.ts";
import { TargetWorkError } from "../target-error.ts";
import { resolveTargetPaths, targetPaths, type TargetPaths } from "../target-paths.ts";
import type { UnitGuard } from "../guards/unit-guard.ts";
import { writeFileAtomically } from "../write-file.ts";
import { takeWriterSeat, type WriterSeat } from "../writer-seat.ts";

/** What a session needs of the host. */
export interface WorkerSessionOptions {
  readonly logger: Logger;
  readonly services: ServiceManager;
  readonly render: ConfigRenderer;
  /** `git_deploy_dir` of the target's own configuration, which wins over the deploy server's. */
  readonly ownDeployDir: () => Promise<string | undefined>;
  /** Option `secondary_host_signal_file` of the target's own configuration. */
  readonly secondarySignalFile: () => Promise<string>;
  /** What the target's own configuration sets; the deploy info wins where it says something itself. */
  readonly ownOptions: () => Promise<Partial<DeployInfo>>;
  /** Starts what looks after this host when this process has gone. Absent: only the next worker does. */
  readonly ownCommand?: OwnCommand;
}

/** One run's work on one repository of this host, request by request. */
export class WorkerSession {
  readonly #options: WorkerSessionOptions;
  #paths: TargetPaths | undefined;
  #seat: WriterSeat | undefined;
  #leases: SessionLeases | undefined;
  /** Of the last stage; not yet dismissed when that failed and the deploy server has to decide. */
  #unit: UnitGuard | undefined;
  #info: DeployInfo | undefined;
  readonly #transfers = new SessionTransfers();
  #hasYielded = false;

  constructor(options: WorkerSessionOptions) {
    this.#options = options;
  }

  /** Answers `hello`: takes the writer's seat when asked to and repairs what a crash left. */
  async hello(request: HelloRequest, signal: AbortSignal): Promise<HelloResult> {
    if (request.protocol !== PROTOCOL_VERSION) throw wrongProtocol(request.protocol);
    const deployDir = (await this.#options.ownDeployDir()) ?? request.gitDeployDir;
    const paths = targetPaths(request.repo, deployDir);
    if (request.writer) {
      await makeDirectories(paths.revs);
      this.#paths = await resolveTargetPaths(paths);
      this.#seat = await takeWriterSeat(this.#paths, { run: request.run, kind: "worker" });
      const { ownCommand } = this.#options;
      this.#leases = new SessionLeases({
        paths: this.#paths,
        run: request.run,
        gitDeployDir: deployDir,
        ...(ownCommand === undefined ? {} : { ownCommand }),
      });
      await repairHost({ ...this.#options, paths: this.#paths, seat: this.#seat, signal });
    } else {
      this.#paths =
        (await realDirectory(dirname(paths.root))) === null ? paths : await resolveTargetPaths(paths);
    }
    return await this.status();
  }

  /** Answers `status`: what is on this host. */
  async status(): Promise<HelloResult> {
    return await readHostFacts(this.#requirePaths());
  }

  /** Answers `publish`: the deploy info for the stages to come. */
  async publish(request: PublishRequest): Promise<void> {
    const paths = this.#requirePaths();
    const sum = createHash("sha256").update(request.deployInfo).digest("hex");
    if (sum !== request.sha256.toLowerCase()) {
      throw new TargetWorkError("The deploy info was damaged on its way", { code: "DEPLOY_INFO" });
    }
    const published = parseDeployInfo(request.deployInfo, "deploy info");
    this.#info = { ...(await this.#options.ownOptions()), ...published };
    if (this.#info.umask !== undefined) process.umask(this.#info.umask);
    if (request.dryRun) return;
    await this.#requireSeat().assertHeld();
    await writeFileAtomically(paths.config, request.deployInfo);
  }

  /** Answers `pack`: objects for the cache. */
  async pack(request: PackRequest, payload: Readable, signal: AbortSignal): Promise<void> {
    const paths = this.#requirePaths();
    await this.#requireSeat().assertHeld();
    await this.#transfers.pack(paths, request, { payload, signal });
  }

  /** Answers `large-files`: what is missing here. */
  async largeFiles(request: LargeFilesRequest): Promise<LargeFilesResult> {
    return { missing: await missingLargeFiles(this.#requirePaths(), request) };
  }

  /** Answers `large-file`: content for the cache. */
  async largeFile(request: LargeFileRequest, payload: Readable, signal: AbortSignal): Promise<void> {
    const paths = this.#requirePaths();
    await this.#requireSeat().assertHeld();
    await this.#transfers.largeFile(paths, request, { payload, signal });
  }

  /** Answers `stage`. */
  async stage(request: StageRequest, signal: AbortSignal): Promise<StageResult> {
    const paths = this.#requirePaths();
    const info = this.#info;
    if (info === undefined) throw new TargetWorkError("No deploy info was published", { code: "PROTOCOL" });
    const seat = request.stage === "config_diff" ? this.#seat : this.#requireSeat();
    await seat?.assertHeld();
    if (request.stage === "fetch") this.#transfers.requireWhole();
    const startLease = this.#leases?.starter(request, info.commit);
    this.#unit?.dismiss();
    const unit = this.#leases?.unitGuard(request);
    this.#unit = unit;
    const { tasks } = request;
    const run = async (context: StageContext): Promise<StageResult> =>
      tasks === undefined
        ? await runStages([request.stage], context)
        : await runTasks(request.stage, tasks, context);
    const work = async (): Promise<StageResult> =>
      await run({
        ...this.#stageContext(info, seat, signal),
        ...(request.group === undefined ? {} : { group: request.group }),
        ...(startLease === undefined ? {} : { startLease }),
        ...(unit === undefined ? {} : { guardUnit: () => unit.start() }),
        ...(request.leaving === undefined ? {} : { leaving: request.leaving }),
        force: request.force,
        showsSecrets: request.showsSecrets ?? false,
      });
    const leases = this.#leases;
    const result = await notingDamage(paths, leases === undefined ? work() : leases.during(work));
    unit?.dismiss();
    return result;
  }

  /** Answers `bye`: the deploy server leaves this host as it is, also where a stage failed. */
  bye(): void {
    this.#unit?.dismiss();
  }

  /** Answers `restore`. */
  async restore(request: RestoreRequest, signal: AbortSignal): Promise<void> {
    const paths = this.#requirePaths();
    const seat = this.#requireSeat();
    await seat.assertHeld();
    this.#transfers.requireWhole();
    const info = await restoreInfo(paths, parseDeployInfo(request.deployInfo, "deploy info"));
    if (info.umask !== undefined) process.umask(info.umask);
    const context = { ...this.#stageContext(info, seat, signal), force: true, showsSecrets: false };
    await notingDamage(paths, restoreRevision(context));
  }

  #stageContext(
    info: DeployInfo,
    seat: WriterSeat | undefined,
    signal: AbortSignal,
  ): Omit<StageContext, "force" | "showsSecrets"> {
    const paths = this.#requirePaths();
    return {
      ...this.#options,
      paths,
      info,
      signal,
      environment: seat === undefined ? {} : { [MARKER_VARIABLE]: seat.marker },
      assertHeld: async () => await seat?.assertHeld(),
      obtainRevision: async () => {
        const isReceived = this.#transfers.hasReceived(info.commit);
        await obtainRevision(paths, info, { isReceived, signal });
      },
    };
  }

  /**
   * Answers `confirm`.
   *
   * @throws TargetWorkError `LEASE_ENDED` when the host has gone back meanwhile
   */
  async confirm({ commit }: ConfirmRequest): Promise<void> {
    await this.#requireSeat().assertHeld();
    await this.#leases?.confirm(commit);
  }

  /** Answers `renew`. */
  async renew(): Promise<void> {
    await this.#requireSeat().assertHeld();
    await this.#leases?.renew();
  }

  /** Gives the seat up; nothing can be changed after that. */
  async yieldSeat(): Promise<void> {
    if (!this.#hasYielded) await this.#seat?.release();
    this.#hasYielded = true;
  }

  /** Whether a newer run has taken over, for words about why this one was stopped. */
  async fencedBy(): Promise<unknown> {
    return await this.#seat?.assertHeld().then(
      () => undefined,
      (cause: unknown) => cause,
    );
  }

  #requirePaths(): TargetPaths {
    if (this.#paths !== undefined) return this.#paths;
    throw new TargetWorkError("The first request must be hello", { code: "PROTOCOL" });
  }

  #requireSeat(): WriterSeat {
    if (this.#seat !== undefined) return this.#seat;
    throw new TargetWorkError("This run did not ask to change anything", { code: "PROTOCOL" });
  }
}

function wrongProtocol(version: number): TargetWorkError {
  return new TargetWorkError(
    `This deploy-local speaks protocol ${PROTOCOL_VERSION}, the deploy server protocol ${version}`,
    { code: "PROTOCOL", hint: "Install the same version of scap on both." },
  );
}
