import type { Logger } from "@scap/log";

import type { DeployInfo } from "../deploy-info.ts";
import type { StageName } from "../stage.ts";
import type { ConfigRenderer } from "./config/render-config-files.ts";
import type { ServiceManager } from "./services/service-manager.ts";
import type { TargetPaths } from "./target-paths.ts";
import type { RevisionVerdict } from "./revisions/verdicts.ts";

/** Everything a stage needs to do its work on this host. */
export interface StageContext {
  readonly paths: TargetPaths;
  readonly info: DeployInfo;
  /** Group of this host for checks; absent means the checks of all groups. */
  readonly group?: string;
  /** Do not stop where there is nothing to do. */
  readonly force: boolean;
  /** Show what `remote_vars` brought in where files are compared. */
  readonly showsSecrets: boolean;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Environment for child processes that must not outlive this one. */
  readonly environment: Readonly<Record<string, string>>;
  readonly services: ServiceManager;
  readonly render: ConfigRenderer;
  /** Name of the file that marks a secondary host. */
  readonly secondarySignalFile: () => Promise<string>;
  /** Throws when a newer run has taken over. Call before a visible change. */
  readonly assertHeld: () => Promise<void>;
  /** Starts the lease of the revision that is about to be promoted; absent when it needs no confirmation. */
  readonly startLease?: () => Promise<void>;
  /** Starts what brings the host to an end should this process go away. Call before anything of the unit is changed. */
  readonly guardUnit?: () => void;
  /** What to remember of the revision that is live now once another one has taken its place. */
  readonly leaving?: Omit<RevisionVerdict, "at">;
  /** Takes the host out of service where hooks say how. Call when a switch is certain, before it. */
  readonly drain?: (options?: DrainOptions) => Promise<void>;
  /** Brings the commit's objects into the cache; called by `fetch` when the revision is not there. */
  readonly obtainRevision: (signal: AbortSignal) => Promise<void>;
}

/** How a host is taken out of service. */
export interface DrainOptions {
  /** Whether the host is switched also where that fails. @defaultValue false */
  readonly mayFail?: boolean;
}

/** What a stage did. */
export interface StageOutcome {
  /** True when there was nothing to do; checks after the stage are skipped then. */
  readonly noop: boolean;
  /** For `promote`: whether the revision is live without ever having been finalized here. */
  readonly isUnfinished?: boolean;
  /** For `rollback`: whether there is nothing on the host any more that could serve. */
  readonly isEmptied?: boolean;
  /** Stages to run next, before those that were asked for. */
  readonly next?: readonly StageName[];
}

/** One stage. */
export type Stage = (context: StageContext) => Promise<StageOutcome>;
