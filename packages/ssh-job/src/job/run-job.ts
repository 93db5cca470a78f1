import { pause } from "../pause.ts";
import { checkDescriptorLimit } from "./descriptor-limit.ts";
import { hasFailed, type HostOutcome, type HostResult } from "./host-result.ts";
import { type JobOptions, type ResolvedJob, resolveJob } from "./job-options.ts";
import { OutputCapture } from "./captured-output.ts";
import { makeOutputDirectory, OUTPUT_FILES_PER_HOST } from "./output-file.ts";
import { ResultQueue } from "./result-queue.ts";
import { runHost } from "./run-host.ts";
import { shuffle } from "./shuffle.ts";
import { HostStopper, type Stop } from "./stop.ts";
import { startTimeLimit } from "./time-limit.ts";

/**
 * Runs a command on many hosts and yields a result for every host, in the order in which they finish; those that were
 * never started come last. A host that fails is a value and never an exception.
 *
 * Leaving the loop early stops new work and waits for what is under way.
 *
 * @throws SshError `BAD_OPTION`, `TOO_MANY_FILES`, or `CLIENT_FAILED` where the installed ssh cannot be used, or
 *   `BAD_SSH_CONFIG` where a file of ssh_config cannot be read: before any host is contacted
 */
export async function* runJob(options: JobOptions): AsyncGenerator<HostResult, void, undefined> {
  const job = resolveJob(options);
  const { batchCount, outputDirectory, transport } = job;
  const files = outputDirectory === undefined ? 0 : OUTPUT_FILES_PER_HOST;
  await checkDescriptorLimit(batchCount, transport.descriptorsPerHost + files);
  if (outputDirectory !== undefined) await makeOutputDirectory(outputDirectory);
  const run = new JobRun(job);
  try {
    yield* run.results();
  } finally {
    await run.end();
  }
}

class JobRun {
  readonly #job: ResolvedJob;
  readonly #waiting: string[];
  readonly #active = new Set<HostStopper>();
  readonly #queue = new ResultQueue<HostResult>();
  readonly #stopping = new AbortController();
  #workers: Promise<void> = Promise.resolve();
  #jobTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #unreachable = 0;
  #stopped: HostOutcome | undefined;

  constructor(job: ResolvedJob) {
    this.#job = job;
    this.#waiting = job.shuffleSeed === undefined ? [...job.hosts] : shuffle(job.hosts, job.shuffleSeed);
    this.#waiting.reverse();
  }

  async *results(): AsyncGenerator<HostResult, void, undefined> {
    this.#start();
    yield* this.#queue.items();
  }

  /** Stops new work and waits for what is under way. */
  async end(): Promise<void> {
    this.#stop({ status: "cancelled", hasStarted: false });
    await this.#workers;
    clearTimeout(this.#jobTimer);
    this.#job.signal?.removeEventListener("abort", this.#cancel);
    this.#job.drain?.removeEventListener("abort", this.#drain);
  }

  readonly #drain = (): void => this.#stop({ status: "cancelled", hasStarted: false });

  readonly #cancel = (): void => this.#stopAll("cancelled", { status: "cancelled", hasStarted: false });

  #start(): void {
    const { drain, signal, jobTimeoutMs, batchCount, isDryRun = false, isSafe = false } = this.#job;
    if (isDryRun && !isSafe) this.#stop({ status: "skipped", reason: "dry-run" });
    if (drain?.aborted === true) this.#drain();
    drain?.addEventListener("abort", this.#drain, { once: true });
    if (signal?.aborted === true) this.#cancel();
    signal?.addEventListener("abort", this.#cancel, { once: true });
    const skip: HostOutcome = { status: "skipped", reason: "job-timeout" };
    this.#jobTimer = startTimeLimit(jobTimeoutMs, () => this.#stopAll("job", skip));
    const workers = Array.from({ length: batchCount }, () => this.#work());
    this.#workers = this.#finishAfter(workers);
  }

  async #work(): Promise<void> {
    for (let isFirst = true; this.#canGoOn(); isFirst = false) {
      // Taken before the sleep, so that no place sleeps without a host to start.
      const host = this.#waiting.pop() as string;
      if (!isFirst) await this.#sleepBetween();
      if (this.#stopped === undefined) await this.#runOne(host);
      else this.#waiting.push(host);
    }
  }

  /** Only mistakes of the program get here, such as a callback that throws: no host is to blame for those. */
  async #finishAfter(workers: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.all(workers);
      this.#finish();
    } catch (error) {
      this.#cancel();
      await Promise.allSettled(workers);
      this.#queue.fail(error);
    }
  }

  async #runOne(host: string): Promise<void> {
    const stopper = new HostStopper(this.#job.hostTimeoutMs, this.#job.idleTimeoutMs);
    this.#active.add(stopper);
    this.#job.onStart?.(host);
    try {
      const result = await runHost(host, this.#job, stopper);
      if (hasFailed(result)) this.#noteFailure(result);
      this.#queue.add(result);
    } finally {
      this.#active.delete(stopper);
      stopper.release();
    }
  }

  #canGoOn(): boolean {
    return this.#waiting.length > 0 && this.#stopped === undefined;
  }

  #noteFailure({ status }: HostResult): void {
    const { failureCount, unreachableCount } = this.#job;
    const isApart = status === "unreachable" && unreachableCount !== undefined;
    const isTooMany = isApart ? ++this.#unreachable > unreachableCount : ++this.#failures > failureCount;
    if (isTooMany) this.#stop({ status: "skipped", reason: "failure-limit" });
  }

  async #sleepBetween(): Promise<void> {
    const { batchSleepMs = 0 } = this.#job;
    if (batchSleepMs > 0) await pause(batchSleepMs, this.#stopping.signal).catch(() => undefined);
  }

  /** Starts no further host; those that wait get this outcome. The first reason counts. */
  #stop(outcome: HostOutcome): void {
    this.#stopped ??= outcome;
    // Nobody asks for the reason, and without one Node makes an error with a stack for every job.
    this.#stopping.abort(null);
  }

  #stopAll(by: Stop["by"], outcome: HostOutcome): void {
    this.#stop(outcome);
    for (const stopper of this.#active) stopper.stop(by);
  }

  #finish(): void {
    const outcome = this.#stopped;
    for (const host of this.#waiting.toReversed()) if (outcome) this.#queue.add(notStarted(host, outcome));
    this.#queue.end();
  }
}

function notStarted(host: string, outcome: HostOutcome): HostResult {
  const nothing = new OutputCapture(0).result();
  return { host, durationMs: 0, connectAttempts: 0, stdout: nothing, stderr: nothing, ...outcome };
}
