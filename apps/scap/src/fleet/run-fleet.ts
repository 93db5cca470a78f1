import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type HostResult, type JobOptions, type JobOutput, runJob, type Transport } from "@scap/ssh-job";
import { FleetFailures } from "./fleet-failures.ts";
import type { FleetCommand, FleetOptions } from "./fleet-options.ts";

/** The result of one command on one host. */
export interface FleetResult {
  /** Place of the command, from 0. */
  readonly command: number;
  readonly result: HostResult;
}

/** Follows a run. A round is one command on its hosts in lockstep, else the whole run. */
export interface FleetListener {
  /** `results`: how many results are expected of the round. */
  readonly onRoundStart: (results: number) => void;
  readonly onRoundEnd: () => Promise<void>;
  readonly onHostStart: (host: string) => void;
  /** A host gets no further commands; `missing` expected results will not come. */
  readonly onResult: (result: FleetResult, missing: number) => void;
  /** Output as it comes; no more of it is read before the promise resolves. */
  readonly onOutput?: (output: JobOutput) => Promise<void> | void;
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
  readonly listener: FleetListener;
}

interface TimedRun extends FleetRun {
  /** When the whole run must be over, on the clock of `performance.now`. */
  readonly endsAtMs: number;
}

/** Runs all commands on all hosts. A host that fails gets no further command. */
export async function runFleet(run: FleetRun): Promise<void> {
  const { isIndependent, globalTimeoutMs = Number.POSITIVE_INFINITY } = run.options;
  // Every host that runs on its own listens, which is no leak.
  setMaxListeners(0, run.stop, run.abort);
  const timed = { ...run, endsAtMs: performance.now() + globalTimeoutMs };
  await (isIndependent ? independent(timed) : lockstep(timed));
}

/** Each command on all hosts where the one before succeeded, as long as the threshold can be met. */
async function lockstep(run: TimedRun): Promise<void> {
  const { listener } = run;
  const failures = new FleetFailures(run.options, run.hosts.length);
  let hosts = run.hosts;
  for (const [command, each] of run.options.commands.entries()) {
    if (hosts.length === 0 || failures.areTooMany || isOver(run)) return;
    const passed = new Set<string>();
    listener.onRoundStart(hosts.length);
    const job = runJob({ ...jobFor(run, each), hosts, ...failures.limits() });
    for await (const result of job) {
      if (result.status === "ok") passed.add(result.host);
      failures.add(result);
      listener.onResult({ command, result }, 0);
    }
    await listener.onRoundEnd();
    hosts = hosts.filter((host) => passed.has(host));
  }
}

/** All commands in a row on each host, whatever the others do. */
async function independent(run: TimedRun): Promise<void> {
  const { hosts, listener, options } = run;
  const failures = new FleetFailures(options, hosts.length);
  const waiting = [...hosts];
  const lane = async (): Promise<void> => {
    const isDone = (): boolean => failures.areTooMany || isOver(run);
    for (let isFirst = true; !isDone(); isFirst = false) {
      // Taken before the pause, so that nobody waits without a host to start.
      const host = waiting.shift();
      if (host === undefined) return;
      if (!isFirst) await pauseBetween(run);
      if (!isDone()) await allOnHost(run, host, failures);
    }
  };
  listener.onRoundStart(hosts.length * options.commands.length);
  await Promise.all(Array.from({ length: laneCount(run) }, lane));
  await listener.onRoundEnd();
}

async function allOnHost(run: TimedRun, host: string, failures: FleetFailures): Promise<void> {
  const { commands } = run.options;
  for (const [command, each] of commands.entries()) {
    for await (const result of runJob({ ...jobFor(run, each), hosts: [host] })) {
      const isOk = result.status === "ok";
      run.listener.onResult({ command, result }, isOk ? 0 : commands.length - command - 1);
      failures.add(result);
      if (!isOk) return;
    }
  }
}

/** Ends early when no more hosts should be started. */
async function pauseBetween({ endsAtMs, options, stop }: TimedRun): Promise<void> {
  const { batchSleepMs = 0 } = options.job;
  const leftMs = Math.max(0, Math.min(batchSleepMs, endsAtMs - performance.now()));
  if (leftMs > 0) await sleep(leftMs, undefined, { signal: stop }).catch(() => undefined);
}

function laneCount({ hosts, options }: FleetRun): number {
  const { batchSize = hosts.length } = options.job;
  const lanes =
    typeof batchSize === "number"
      ? batchSize
      : Math.ceil((Number.parseFloat(batchSize) * hosts.length) / 100);
  return Math.min(hosts.length, lanes);
}

function isOver({ endsAtMs, stop }: TimedRun): boolean {
  return stop.aborted || performance.now() >= endsAtMs;
}

function jobFor(run: TimedRun, { command, outputDirectory, stdin }: FleetCommand): Omit<JobOptions, "hosts"> {
  const { abort, endsAtMs, listener, options, stop, transport } = run;
  const { onOutput } = listener;
  return {
    ...options.job,
    command,
    transport,
    drain: stop,
    signal: abort,
    onStart: listener.onHostStart,
    ...(Number.isFinite(endsAtMs) ? { jobTimeoutMs: Math.max(1, endsAtMs - performance.now()) } : {}),
    ...(stdin ? { stdin } : {}),
    ...(outputDirectory === undefined ? {} : { outputDirectory }),
    ...(onOutput ? { onOutput } : {}),
  };
}
