import { readFile } from "node:fs/promises";
import { type Invocation, UsageError } from "@scap/cli";
import { type Command, failureLimitFor, type JobOptions, shellText } from "@scap/ssh-job";

/** What `scap run` does on every host, checked before anything is asked or run. */
export interface FleetOptions {
  readonly commands: readonly FleetCommand[];
  readonly isIndependent: boolean;
  /** Share of the hosts that must succeed, 0 to 1. */
  readonly threshold: number;
  /** What all commands have in common. */
  readonly job: Pick<
    JobOptions,
    "batchSize" | "batchSleepMs" | "hostTimeoutMs" | "jobTimeoutMs" | "okCodes" | "sudo"
  >;
}

/** A command with its text for people. */
export interface FleetCommand {
  readonly text: string;
  readonly command: Command;
  readonly stdin?: Buffer;
}

// A file of its own, so that its first line decides what runs it, as for a local script.
const RUN_SCRIPT = 'f=$(mktemp) || exit; cat > "$f" && chmod 700 "$f" && "$f"; s=$?; rm -f "$f"; exit $s';

/** @throws UsageError naming the option */
export async function readFleetOptions({ options, words }: Invocation): Promise<FleetOptions> {
  const script = options.string("script");
  const commands: FleetCommand[] = words("commands").map((text) => ({ text, command: commandOf(text) }));
  if (script !== undefined) {
    const stdin = await readFile(script).catch((error: Error) => {
      throw new UsageError(`Cannot read --script ${script}: ${error.message}`);
    });
    commands.push({ text: script, command: shellText(RUN_SCRIPT), stdin });
  }
  const hostTimeoutMs = seconds("timeout", options.string("timeout"));
  const jobTimeoutMs = seconds("global-timeout", options.string("global-timeout"));
  const sudo = options.string("sudo");
  return {
    commands,
    isIndependent: ["independent", "async"].includes(options.string("mode") ?? ""),
    threshold: percent(options.string("success-percentage") ?? "100"),
    job: {
      batchSize: batchSize(options.string("batch-size") ?? ""),
      batchSleepMs: seconds("batch-sleep", options.string("batch-sleep"), 0) ?? 0,
      okCodes: options.flag("ignore-exit-codes") ? [] : [0],
      ...(hostTimeoutMs === undefined ? {} : { hostTimeoutMs }),
      ...(jobTimeoutMs === undefined ? {} : { jobTimeoutMs }),
      ...(sudo === undefined ? {} : { sudo }),
    },
  };
}

/** How many hosts may fail. */
export function failuresAllowed({ threshold }: FleetOptions, hosts: number): number {
  return failureLimitFor(threshold, hosts);
}

function commandOf(text: string): Command {
  if (text.trim() === "") throw new UsageError("A command is empty");
  return shellText(text);
}

function seconds(option: string, text: string | undefined, least = Number.MIN_VALUE): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value * 1000;
  throw new UsageError(`--${option} is ${JSON.stringify(text)}; expected seconds`);
}

function percent(text: string): number {
  const value = Number(text.replace(/%$/, ""));
  if (text.trim() !== "" && value >= 0 && value <= 100) return value / 100;
  throw new UsageError(`--success-percentage is ${JSON.stringify(text)}; expected 0 to 100`);
}

function batchSize(text: string): number | string {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  const share = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (share !== undefined && Number(share) > 0 && Number(share) <= 100) return text;
  throw new UsageError(`--batch-size is ${JSON.stringify(text)}; expected a number from 1, or 1% to 100%`);
}
