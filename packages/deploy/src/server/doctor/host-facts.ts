import type { HostPlatform } from "../delivery/host-platform.ts";

/** Room on a file system. Undefined where the host does not tell. */
export interface Room {
  readonly freeBytes: number | undefined;
  readonly freeInodes: number | undefined;
  /** Where the file system is mounted. */
  readonly mount: string | undefined;
  /** How it is mounted, such as `ro` or `noexec`. */
  readonly flags: readonly string[];
}

/** The revision that a host would go back to, and what is wrong with it. */
export interface RevisionToGoBackTo {
  readonly commit: string;
  /** The directory is not there. */
  readonly isMissing: boolean;
  /** Files and submodules that are gone, the first few. */
  readonly gone: readonly string[];
  /** Why it is not whole otherwise: `objects`, `index`, `head`, `unfinished`. */
  readonly flaws: readonly string[];
  /** Whether configuration was ever rendered for it; true where none has to be. */
  readonly isRendered: boolean;
  /** Rendered files that are gone or differ, the first few. */
  readonly configFlaws: readonly string[];
}

/** What one look at a host tells. */
export interface HostFacts {
  /** The host's clock, in seconds since 1970. */
  readonly clock: number;
  readonly user: string;
  /** The final path of the repository there. */
  readonly final: string;
  /** Programs that a deployment needs and the host lacks. */
  readonly missing: readonly string[];
  /** `git --version`, for example `2.39.5`. */
  readonly gitVersion: string | undefined;
  /** Whether there is a Node that runs a worker: the host's own or a delivered one. */
  readonly hasNode: boolean;
  readonly platform: HostPlatform | undefined;
  /** Paths that the ssh user would have to write to and cannot. */
  readonly unwritable: readonly string[];
  /** Directories that are not there, and that the ssh user may not make. */
  readonly unmakable: readonly string[];
  readonly deployRoom: Room;
  readonly cacheRoom: Room;
  readonly current: string | null;
  readonly done: string | null;
  /** Revision that was finalized last although no link says so any more; null where that is not so. */
  readonly lost: string | null;
  /** Whether the revision to be deployed is there already. */
  readonly hasRevision: boolean;
  readonly back: RevisionToGoBackTo | undefined;
}
