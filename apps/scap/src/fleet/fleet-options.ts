import { type Invocation, UsageError } from "@scap/cli";
import { failureLimitHosts, parseFailureLimit } from "@scap/config";
import { type Command, failureLimitFor, isSudoUser, type JobOptions } from "@scap/ssh-job";
import { directoryOfCommand } from "./output-directory.ts";

/** What `scap run` does on every host, checked before anything is asked or run. */
export interface FleetOptions {
  readonly commands: readonly FleetCommand[];
  readonly isIndependent: boolean;
  /** Share of the hosts that must succeed, 0 to 1. */
  readonly threshold: number;
  /** How many hosts may be unreachable without counting as failed; missing where they count. */
  readonly unreachableAllowed: number | undefined;
  /** Longest time of the whole run, in milliseconds. */
  readonly globalTimeoutMs: number | undefined;
  /** What all commands have in common. */
  readonly job: Pick<
    JobOptions,
    "batchSize" | "batchSleepMs" | "hostTimeoutMs" | "mergeOutput" | "okCodes" | "outputLimitBytes" | "sudo"
  >;
}

/** A command with its text for people. */
export interface FleetCommand {
  readonly text: string;
  readonly command: Command;
  readonly stdin?: Buffer;
  /** Where all that it says is kept. */
  readonly outputDirectory?: string;
}

/** What the command line, or an earlier run, says to do. */
export interface FleetWork {
  readonly hosts: readonly string[];
  readonly commands: readonly FleetCommand[];
  /** Runs the commands as this user. */
  readonly sudo: string | undefined;
  /** Starts the hosts in a random order. */
  readonly shuffleSeed: number | undefined;
  /** Where all output is kept. */
  readonly outputDirectory: string | undefined;
}

/** Kept of the output of all hosts together, so that a run on thousands of them fits in memory. */
const OUTPUT_BYTES = 256 * 1024 * 1024;
const MOST_OF_A_HOST = 1024 * 1024;
const LEAST_OF_A_HOST = 16 * 1024;

/** A timer of Node that is to wait longer fires at once. */
const MOST_SECONDS = 2_147_483;

/** @throws UsageError naming the option */
export function readFleetOptions({ options }: Invocation, work: FleetWork): FleetOptions {
  const hostTimeoutMs = seconds("timeout", options.string("timeout"));
  const { hosts } = work;
  const sudo = sudoUser(work.sudo);
  return {
    commands: commandsWithOutput(work),
    isIndependent: ["independent", "async"].includes(options.string("mode") ?? ""),
    threshold: percent(options.string("success-percentage") ?? "100"),
    unreachableAllowed: unreachable(options.string("max-unreachable"), hosts.length),
    globalTimeoutMs: seconds("global-timeout", options.string("global-timeout")),
    job: {
      batchSize: batchSize(options.string("batch-size") ?? ""),
      batchSleepMs: seconds("batch-sleep", options.string("batch-sleep"), 0) ?? 0,
      okCodes: options.flag("ignore-exit-codes") ? [] : exitCodes(options.string("ok-codes") ?? "0"),
      outputLimitBytes: outputLimit(hosts.length),
      mergeOutput: options.flag("merge-output"),
      ...(hostTimeoutMs === undefined ? {} : { hostTimeoutMs }),
      ...(sudo === undefined ? {} : { sudo }),
    },
  };
}

function commandsWithOutput({ commands, outputDirectory }: FleetWork): readonly FleetCommand[] {
  if (outputDirectory === undefined) return commands;
  return commands.map((command, index) => ({
    ...command,
    outputDirectory: directoryOfCommand(outputDirectory, index, commands.length),
  }));
}

/** How many hosts may fail. */
export function failuresAllowed({ threshold }: FleetOptions, hosts: number): number {
  return failureLimitFor(threshold, hosts);
}

function unreachable(text: string | undefined, hosts: number): number | undefined {
  if (text === undefined) return undefined;
  const limit = parseFailureLimit(text);
  if (limit !== undefined) return failureLimitHosts(limit, hosts);
  throw new UsageError(
    `--max-unreachable is ${JSON.stringify(text)}; expected a number from 0, or 0% to 100%`,
  );
}

function outputLimit(hosts: number): number {
  return Math.max(LEAST_OF_A_HOST, Math.min(MOST_OF_A_HOST, Math.floor(OUTPUT_BYTES / Math.max(hosts, 1))));
}

function seconds(option: string, text: string | undefined, least = Number.MIN_VALUE): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= MOST_SECONDS) return value * 1000;
  const expected = least > 0 ? "seconds above 0" : "seconds from 0";
  throw new UsageError(
    `--${option} is ${JSON.stringify(text)}; expected ${expected}, at most ${MOST_SECONDS} (24 days)`,
  );
}

function sudoUser(name: string | undefined): string | undefined {
  if (name === undefined || isSudoUser(name)) return name;
  throw new UsageError(`--sudo is ${JSON.stringify(name)}; expected the name of a user, or nothing for root`);
}

function percent(text: string): number {
  const value = Number(text.replace(/%$/, ""));
  if (text.trim() !== "" && value >= 0 && value <= 100) return value / 100;
  throw new UsageError(`--success-percentage is ${JSON.stringify(text)}; expected 0 to 100`);
}

function exitCodes(text: string): number[] {
  const codes = text.split(",").map((code) => (/^\s*\d{1,3}\s*$/.test(code) ? Number(code) : Number.NaN));
  if (codes.every((code) => code <= 255)) return codes;
  throw new UsageError(`--ok-codes is ${JSON.stringify(text)}; expected exit codes such as 0,3`);
}

function batchSize(text: string): number | string {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return text;
  throw new UsageError(`--batch-size is ${JSON.stringify(text)}; expected a number from 1, or 1% to 100%`);
}
