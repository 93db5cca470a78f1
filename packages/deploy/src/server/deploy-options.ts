import type { Logger, StatsClient } from "@scap/log";
import type { SshPool } from "@scap/ssh-job";
import type { Runtimes } from "./delivery/runtimes.ts";
import type { LeavingVerdict } from "./fleet/fleet.ts";
import type { LoggedDeployment } from "./run/interrupted.ts";
import type { DeployQuestions } from "./run/orchestrate-options.ts";
import type { PreparedDeployment } from "./plan/prepare.ts";
import type { ResumePoint } from "./run/resume.ts";
import type { WorkerFile } from "./delivery/worker-delivery.ts";

/** What a deployment needs besides its preparation. */
export interface DeployOptions {
  readonly prepared: PreparedDeployment;
  /** Why: goes into announcements, the lock and the log. */
  readonly message: string;
  readonly force: boolean;
  /** Whether a dry run shows what `remote_vars` brought in. The logger must not keep it then. @defaultValue false */
  readonly showsSecrets?: boolean;
  /** Whether a revision that is marked as bad on a host may be deployed there without asking. */
  readonly allowBad: boolean;
  /** For a rollback: what hosts are to remember of the revision that they leave. */
  readonly leaving?: LeavingVerdict;
  /** What this goes on with, and from where. */
  readonly resume?: ResumePoint & { readonly of: LoggedDeployment };
  readonly pool: SshPool;
  readonly workerFile: WorkerFile;
  readonly questions: DeployQuestions & BadRevisionQuestion;
  /** What hosts without a fitting Node are sent. */
  readonly runtimes: Runtimes;
  /** Gets every event and every record of the targets. */
  readonly logger: Logger;
  /** Gets the duration, as the metric `scap.deploy`. */
  readonly stats?: StatsClient;
  /** Gets the announcements. */
  readonly announce: (text: string) => void;
  /** First wish to stop. */
  readonly stop: AbortSignal;
  /** Order to stop now. */
  readonly abort: AbortSignal;
  readonly clock?: () => Date;
}

/** A question that comes up when hosts are asked. */
export interface BadRevisionQuestion {
  /** A host marked the revision as bad: deploy it all the same? */
  useBad(host: string, reason: string): Promise<boolean>;
}
