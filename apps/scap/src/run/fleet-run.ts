import { setTimeout as sleep } from "node:timers/promises";
import {
  hasFailed,
  type HostResult,
  type JobOptions,
  type JobOutput,
  runJob,
  type Transport,
} from "@scap/ssh-job";
import { failuresAllowed, type FleetCommand, type FleetOptions } from "./fleet-options.ts";

/** The result of one command on one host. */
export interface FleetResult {
  /** Place of the command, from 0. */
  readonly command: number;
  readonly result: HostResult;
}

/** The means of a run. */
export interface FleetRun {
  readonly hosts: readonly string[];
  readonly options: FleetOptions;
  readonly transport: Transport;
  /** Fires when no more hosts should be started. */
  readonly stop: AbortSignal;
  /** Fires when what runs should be ended. */
  readonly abort: AbortSignal;
  readonly onResult: (result: FleetResult) => void;
  readonly onOutput?: (output: JobOutput) => void;
}

/** Runs all commands on all hosts. A host that fails gets no further command. */
export async function runFleet(run: FleetRun): Promise<void> {
  await (run.options.isIndependent ? independent(run) : lockstep(run));
}

/** Each command on all hosts where the one before succeeded, as long as the threshold can be met. */
async function lockstep(run: FleetRun): Promise<void> {
  const allowed = failuresAllowed(run.options, run.hosts.length);
  let hosts = run.hosts;
  let failed = 0;
  for (const [command, each] of run.options.commands.entries()) {
    const passed = new Set<string>();
    const job = runJob({ ...jobFor(run, each), hosts, failureLimit: Math.max(0, allowed - failed) });
    for await (const result of job) {
      if (result.status === "ok") passed.add(result.host);
      if (hasFailed(result)) failed++;
      run.onResult({ command, result });
    }
    hosts = hosts.filter((host) => passed.has(host));
    if (failed > allowed || run.stop.aborted) return;
  }
}

/** All commands in a row on each host, whatever the others do. */
async function independent(run: FleetRun): Promise<void> {
  const allowed = failuresAllowed(run.options, run.hosts.length);
  const waiting = [...run.hosts];
  let failed = 0;
  const lane = async (): Promise<void> => {
    for (let isFirst = true; waiting.length > 0 && failed <= allowed && !run.stop.aborted; isFirst = false) {
      if (!isFirst) await sleep(run.options.job.batchSleepMs ?? 0);
      const host = waiting.shift();
      if (host !== undefined && !(await allOnHost(run, host))) failed++;
    }
  };
  await Promise.all(Array.from({ length: laneCount(run) }, lane));
}

async function allOnHost(run: FleetRun, host: string): Promise<boolean> {
  for (const [command, each] of run.options.commands.entries()) {
    for await (const result of runJob({ ...jobFor(run, each), hosts: [host] })) {
      run.onResult({ command, result });
      if (result.status !== "ok") return false;
    }
  }
  return true;
}

function laneCount({ hosts, options }: FleetRun): number {
  const { batchSize = hosts.length } = options.job;
  const lanes =
    typeof batchSize === "number"
      ? batchSize
      : Math.ceil((Number.parseFloat(batchSize) * hosts.length) / 100);
  return Math.min(hosts.length, lanes);
}

function jobFor(run: FleetRun, { command, stdin }: FleetCommand): Omit<JobOptions, "hosts"> {
  return {
    ...run.options.job,
    command,
    transport: run.transport,
    drain: run.stop,
    signal: run.abort,
    ...(stdin ? { stdin } : {}),
    ...(run.onOutput ? { onOutput: run.onOutput } : {}),
  };
}
