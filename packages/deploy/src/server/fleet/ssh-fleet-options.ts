import type { SshPool } from "@scap/ssh-job";
import type { Parcel } from "../delivery/parcel.ts";
import type { Runtimes } from "../delivery/runtimes.ts";
import type { NoopProbe } from "../delivery/noop-probe.ts";
import type { RevisionPacks } from "./revision-packs.ts";
import type { WorkerFile } from "../delivery/worker-delivery.ts";

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
  /** Mask for what a writer makes on targets. */
  readonly umask?: number;
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
