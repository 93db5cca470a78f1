/**
 * What a deploy server and the one worker on each target say to each other over one SSH channel.
 *
 * Server to worker (the worker's standard input): one JSON object a line, each a {@link WorkerRequest}. A request
 * with `payloadBytes` is followed directly by exactly that many raw bytes. Requests may be sent before earlier ones
 * are answered; the worker carries them out one after the other, in order.
 *
 * Worker to server (its standard output): one JSON object a line, either a log record (see the log format) or a
 * {@link WorkerReply}, told apart by the key `reply`. Every request gets exactly one reply.
 *
 * End of standard input means that the server is gone: the worker ends its child processes and exits. A cut network
 * gives no end, so the server says something at least every {@link HEARTBEAT_MS}, an empty line when there is nothing
 * else, and {@link LONGEST_SILENCE_MS} without a byte mean the same as the end.
 */
import type { StageName } from "./stage.ts";
import type { RevisionVerdict } from "./target/revisions/verdicts.ts";

/** Changes whenever a server and a worker of different versions could misunderstand each other. */
export const PROTOCOL_VERSION = 1;

/** How often a server makes itself heard, in milliseconds. */
export const HEARTBEAT_MS = 5_000;

/** After this time without a byte from the server a worker gives up, in milliseconds. */
export const LONGEST_SILENCE_MS = 20_000;

export type WorkerRequest =
  | HelloRequest
  | PublishRequest
  | PackRequest
  | LargeFilesRequest
  | LargeFileRequest
  | StageRequest
  | RestoreRequest
  | ConfirmRequest
  | RenewRequest
  | StatusRequest
  | ByeRequest;

interface RequestBase {
  /** Chosen by the server, echoed in the reply. */
  readonly id: number;
}

/** First request of every connection: which repository, and what is there. Takes the target's lock when asked to. */
export interface HelloRequest extends RequestBase {
  readonly op: "hello";
  readonly protocol: number;
  /** Repository name, for example `acme/web`. */
  readonly repo: string;
  /** Parent directory of repositories on the target, absolute. */
  readonly gitDeployDir: string;
  /** Names this run in messages and in the fence; later runs compare greater (a UTC timestamp followed by random digits). */
  readonly run: string;
  /** False for read-only work such as status. A writer fences off every worker of an older run. */
  readonly writer: boolean;
  /** Mask for what a writer makes before a deploy info brings its own. @defaultValue that of the login */
  readonly umask?: number;
}

/** The deploy info, as it stands in `DEPLOY_HEAD`. A dry run does not write `.config`. */
export interface PublishRequest extends RequestBase {
  readonly op: "publish";
  /** YAML text. */
  readonly deployInfo: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly sha256: string;
  readonly dryRun: boolean;
}

/** A git pack with everything from `bases` to `commit`; the payload is the pack, followed by its index. */
export interface PackRequest extends RequestBase {
  readonly op: "pack";
  /** Pack and index together. */
  readonly payloadBytes: number;
  /** Length of the index at the end of the payload; absent when only a pack is sent. */
  readonly indexBytes?: number;
  /** SHA-256 of the payload, hexadecimal. */
  readonly sha256: string;
  readonly commit: string;
  /** Absent: the pack is complete by itself. Else the pack may be thin over these commits. */
  readonly bases: readonly string[];
  /** Path below the repository's git directory when the pack is of a submodule: `modules/<name>`. */
  readonly submodule?: string;
  /** Commits at which the history ends, when the deploy server's repository is shallow. */
  readonly shallow?: readonly string[];
  /** References to set once the pack is in place, name to object id. */
  readonly refs: Readonly<Record<string, string>>;
}

/** Asks which of these large files the host lacks. Answered with a {@link LargeFilesResult}. */
export interface LargeFilesRequest extends RequestBase {
  readonly op: "large-files";
  readonly files: readonly { readonly id: string; readonly bytes: number }[];
  /** As in {@link PackRequest}. */
  readonly submodule?: string;
}

/** The content of one large file of git-lfs; the payload is the file. */
export interface LargeFileRequest extends RequestBase {
  readonly op: "large-file";
  readonly payloadBytes: number;
  /** SHA-256 of the content, hexadecimal. */
  readonly fileId: string;
  readonly submodule?: string;
}

export interface StageRequest extends RequestBase {
  readonly op: "stage";
  readonly stage: StageName;
  /** Selects checks; absent means the checks of all groups. */
  readonly group?: string;
  readonly force: boolean;
  /** Whether differences of configuration files keep what `remote_vars` brought in. @defaultValue false */
  readonly showsSecrets?: boolean;
  /** Longest time for the whole stage with its checks, in milliseconds. */
  readonly timeoutMs: number;
  /** Runs only the tasks before or after the stage that run on one host of the group, and not the stage. */
  readonly tasks?: "before" | "after";
  /** For `promote`: the revision must be confirmed within this time, in milliseconds, or the host goes back by itself. */
  readonly leaseMs?: number;
  /** For `promote` and `rollback`: what to remember of the revision whose place another one takes. */
  readonly leaving?: { readonly verdict: "bad" | "unknown"; readonly reason: string };
}

/** Makes a revision that a rollback would lead to whole again. Nothing is promoted and no check runs. */
export interface RestoreRequest extends RequestBase {
  readonly op: "restore";
  /** YAML text for that revision; the host's own is used where it has one. */
  readonly deployInfo: string;
  /** Longest time, in milliseconds. */
  readonly timeoutMs: number;
}

/** The promoted revision stays: its lease is over. */
export interface ConfirmRequest extends RequestBase {
  readonly op: "confirm";
  readonly commit: string;
}

/** The deploy server is there and at work: the lease of this run starts anew. */
export interface RenewRequest extends RequestBase {
  readonly op: "renew";
}

export interface StatusRequest extends RequestBase {
  readonly op: "status";
}

/** Ends the worker after everything before it is answered. */
export interface ByeRequest extends RequestBase {
  readonly op: "bye";
}

export type WorkerReply = WorkerSuccess | WorkerFailure;

interface ReplyBase {
  /** The request's id. */
  readonly reply: number;
}

export interface WorkerSuccess extends ReplyBase {
  readonly ok: true;
  readonly result: unknown;
}

export interface WorkerFailure extends ReplyBase {
  readonly ok: false;
  readonly error: {
    /** Stable, upper case: `DISK_FULL`, `CHECK_FAILED`, `FENCED`, ... */
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    /** The status that `deploy-local` would exit with. */
    readonly exitCode: number;
    /** Last lines of a failed command's output. */
    readonly output?: string;
  };
}

/** What `hello` answers. */
export interface HelloResult {
  readonly protocol: number;
  /** Process id of the worker on the target. */
  readonly pid: number;
  readonly nodeVersion: string;
  /** Revisions that are completely present, newest first. */
  readonly completeRevisions: readonly string[];
  /** Commits that may serve as a base of a pack. */
  readonly bases: readonly string[];
  /** Same for submodules, by their path below the git directory (`modules/<name>`). */
  readonly submoduleBases: Readonly<Record<string, readonly string[]>>;
  /** Revision that `current` leads to. */
  readonly current: string | null;
  readonly done: string | null;
  readonly inProgress: string | null;
  /** Verdicts on revisions, by object id, the oldest first. Revisions without one are unknown. */
  readonly verdicts: Readonly<Record<string, RevisionVerdict>>;
  /** When complete revisions went live last, in milliseconds since 1970; those that never did are missing. */
  readonly promotedAtMs: Readonly<Record<string, number>>;
  /** Bytes free for the ssh user on the file system of the repository. */
  readonly freeBytes: number;
}

/** What `large-files` answers. */
export interface LargeFilesResult {
  readonly missing: readonly string[];
}

/** What `stage` answers when the stage and its checks passed. */
export interface StageResult {
  /** True when there was nothing to do. */
  readonly noop: boolean;
  /** For `promote`: whether the revision was not yet finalized on this host. */
  readonly isUnfinished: boolean;
  /** Stages that ran, in order: `promote` brings `handle_service` with it. */
  readonly stages: readonly {
    readonly stage: StageName;
    readonly durationMs: number;
    readonly noop: boolean;
  }[];
}
