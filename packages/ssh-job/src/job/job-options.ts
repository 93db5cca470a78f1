import type { Readable } from "node:stream";
import type { Command } from "../command.ts";
import { SshError } from "../errors.ts";
import type { Transport } from "../transport.ts";
import { amountOf } from "./amount.ts";

/** Options of {@link runJob}. */
export interface JobOptions {
  /** The hosts; a host that is listed twice is run once. */
  readonly hosts: readonly string[];
  /** What to run, the same for all hosts or made for each. */
  readonly command: Command | ((host: string) => Command);
  /** How to reach the hosts. It stays open, for the next job. */
  readonly transport: Transport;
  /** Hosts at a time: a number, or a percentage such as `"10%"`, rounded up. @defaultValue 80 */
  readonly batchSize?: number | string;
  /** Waited after a host has finished before its place is taken, in milliseconds. @defaultValue 0 */
  readonly batchSleepMs?: number;
  /**
   * How many hosts may fail, as a number or percentage of all hosts (rounded down). When more have failed, no further
   * host is started. @defaultValue all
   */
  readonly failureLimit?: number | string;
  /**
   * How many hosts may be unreachable, as a number or percentage of all hosts (rounded down), without counting as
   * failed. When more are, no further host is started. @defaultValue they count as failed
   */
  readonly unreachableLimit?: number | string;
  /** Exit codes that count as success; an empty list accepts all. @defaultValue [0] */
  readonly okCodes?: readonly number[];
  /** Start the hosts in random order, the same for the same seed. @defaultValue in the order of `hosts` */
  readonly shuffleSeed?: number;
  /** Further tries when a host cannot be reached; a command that was started is never repeated. @defaultValue 1 */
  readonly connectRetries?: number;
  /** Wait before such a try, in milliseconds; half of it is random. @defaultValue 1000 */
  readonly connectRetryDelayMs?: number;
  /** Longest time for one host, connection included, in milliseconds; above 24 days there is none. @defaultValue none */
  readonly hostTimeoutMs?: number;
  /** Longest time without any output of a host, in milliseconds; above 24 days there is none. @defaultValue none */
  readonly idleTimeoutMs?: number;
  /** Longest time for the whole job, in milliseconds; above 24 days there is none. @defaultValue none */
  readonly jobTimeoutMs?: number;
  /** Environment variables for the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the command with `sudo -n`, as root or as the named user. @defaultValue false */
  readonly sudo?: boolean | string;
  /** Standard error comes among standard output, in the order in which it was written. @defaultValue false */
  readonly mergeOutput?: boolean;
  /** Input of the command: bytes for all hosts, or a stream made for each. @defaultValue end-of-file */
  readonly stdin?: string | Uint8Array | ((host: string) => Readable);
  /** How much of each stream of each host is kept, in bytes: half from the beginning, half from the end. @defaultValue 1 MiB */
  readonly outputLimitBytes?: number;
  /**
   * Keeps all output in this directory, too, which is made if it is missing: `HOST.stdout` and `HOST.stderr`, for this
   * user only. A file that is there already is left as it is, and no link is followed. A disk that is full ends a file
   * and not the job: see `problem` of the result's `file`. @defaultValue none
   */
  readonly outputDirectory?: string;
  /** Longest file in `outputDirectory`, in bytes. @defaultValue 1 GiB */
  readonly outputFileLimitBytes?: number;
  /**
   * Called with output as it comes, until `signal` fires. While its promise is pending no more is read from that stream.
   */
  readonly onOutput?: (output: JobOutput) => void | Promise<void>;
  /** Called when a host is started. */
  readonly onStart?: (host: string) => void;
  /** Rehearse: unless the command is safe nothing is run, and every host is skipped. @defaultValue false */
  readonly isDryRun?: boolean;
  /** The command only reads, so a rehearsal runs it, too. @defaultValue false */
  readonly isSafe?: boolean;
  /** Starts no further host when it fires; those under way are waited for. */
  readonly drain?: AbortSignal;
  /** Ends the job: running commands are ended on their hosts, the others are not started. */
  readonly signal?: AbortSignal;
}

/** A piece of output of a host. */
export interface JobOutput {
  readonly host: string;
  readonly stream: "stdout" | "stderr";
  readonly chunk: Buffer;
}

/** Options with defaults, checked. */
export interface ResolvedJob extends JobOptions {
  readonly commandFor: (host: string) => Command;
  readonly batchCount: number;
  readonly failureCount: number;
  /** Missing where unreachable hosts count as failed. */
  readonly unreachableCount: number | undefined;
  readonly accepts: (code: number) => boolean;
  readonly outputBytes: number;
  readonly outputFileBytes: number;
}

const DEFAULT_BATCH_SIZE = 80;
const DEFAULT_OUTPUT_LIMIT_BYTES = 1024 * 1024;
const DEFAULT_OUTPUT_FILE_LIMIT_BYTES = 1024 * 1024 * 1024;

/** @throws SshError `BAD_OPTION` before any host is contacted */
export function resolveJob(options: JobOptions): ResolvedJob {
  const hosts = [...new Set(options.hosts)];
  const { command, okCodes = [0] } = options;
  if (command === undefined) throw new SshError("BAD_OPTION", "The job has no command");
  const batchCount = amountOf("batchSize", options.batchSize ?? DEFAULT_BATCH_SIZE, hosts.length, Math.ceil);
  if (batchCount < 1 && hosts.length > 0) {
    throw new SshError(
      "BAD_OPTION",
      `batchSize is ${options.batchSize}, but at least one host must run at a time`,
    );
  }
  return {
    ...options,
    hosts,
    commandFor: typeof command === "function" ? command : () => command,
    batchCount: Math.min(batchCount, hosts.length),
    failureCount: amountOf("failureLimit", options.failureLimit ?? hosts.length, hosts.length, Math.floor),
    unreachableCount:
      options.unreachableLimit === undefined
        ? undefined
        : amountOf("unreachableLimit", options.unreachableLimit, hosts.length, Math.floor),
    accepts: (code) => okCodes.length === 0 || okCodes.includes(code),
    outputBytes: options.outputLimitBytes ?? DEFAULT_OUTPUT_LIMIT_BYTES,
    outputFileBytes: options.outputFileLimitBytes ?? DEFAULT_OUTPUT_FILE_LIMIT_BYTES,
  };
}
