import type { StageRequest } from "../../protocol.ts";
import { leaseNote, renewLease, startLease } from "../guards/lease.ts";
import { startPromoteGuard, type OwnCommand } from "../guards/promote-guard.ts";
import { readRevisionLinks } from "../revisions/revisions.ts";
import { TargetWorkError } from "../target-error.ts";
import type { TargetPaths } from "../target-paths.ts";
import { UnitGuard } from "../guards/unit-guard.ts";

/** What {@link SessionLeases} needs. */
export interface SessionLeasesOptions {
  readonly paths: TargetPaths;
  /** Of the session. */
  readonly run: string;
  readonly gitDeployDir: string;
  readonly ownCommand?: OwnCommand;
}

/** A lease is renewed this many times in its length, so that a late renewal does no harm. */
const RENEWALS_A_LEASE = 3;

/**
 * The lease of what a session promotes: it starts it, keeps it while work goes on, and ends it. The switch itself is
 * guarded besides, while it goes on, with or without a lease.
 */
export class SessionLeases {
  readonly #options: SessionLeasesOptions;
  #leaseMs: number | undefined;

  constructor(options: SessionLeasesOptions) {
    this.#options = options;
  }

  /** What a stage calls before it switches; undefined when the request wants no lease. */
  starter(request: StageRequest, revision: string): (() => Promise<void>) | undefined {
    const { group, leaseMs, stage, timeoutMs } = request;
    if (stage !== "promote" || leaseMs === undefined) return undefined;
    const { gitDeployDir, ownCommand, paths, run } = this.#options;
    this.#leaseMs = leaseMs;
    return async () => {
      const terms = { run, revision, leaseMs, stageTimeoutMs: timeoutMs };
      const lease = await startLease(paths, { ...terms, ...(group === undefined ? {} : { group }) });
      if (ownCommand !== undefined) startPromoteGuard({ paths, lease, gitDeployDir, command: ownCommand });
    };
  }

  /** For a stage that switches: what brings it to an end when this process is gone. */
  unitGuard({ group, stage, tasks, timeoutMs }: StageRequest): UnitGuard | undefined {
    const { gitDeployDir, ownCommand, paths, run } = this.#options;
    const switches = stage === "rollback" || stage === "promote";
    if (ownCommand === undefined || tasks !== undefined || !switches) return undefined;
    return new UnitGuard({ paths, gitDeployDir, run, group, timeoutMs, command: ownCommand });
  }

  /** Does work that the deploy server asked for: a lease does not end while it goes on, and is whole after it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#leaseMs === undefined) return await work();
    let renewal: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      renewal = this.renew().catch(() => {});
    }, this.#leaseMs / RENEWALS_A_LEASE);
    try {
      return await work();
    } finally {
      clearInterval(timer);
      await renewal;
      await this.renew();
    }
  }

  /** Gives the lease its whole length again. */
  async renew(): Promise<void> {
    await renewLease(this.#options.paths, this.#options.run);
  }

  /**
   * Ends the lease: the revision stays.
   *
   * @throws TargetWorkError `LEASE_ENDED` when it is no longer live
   */
  async confirm(revision: string): Promise<void> {
    const { paths } = this.#options;
    const { current } = await readRevisionLinks(paths);
    if (current !== revision) {
      throw new TargetWorkError(`The host went back to ${current ?? "what was there before"} by itself`, {
        code: "LEASE_ENDED",
        hint: "It was not confirmed in time. Deploy again, or raise confirm_timeout.",
      });
    }
    await leaseNote(paths).clear();
  }
}
