import type { Readable } from "node:stream";
import { SshError, UnreachableError } from "../errors.ts";
import { pause } from "../pause.ts";
import type { RemoteExit, RemoteProcess, SshConnection } from "../transport.ts";
import { OutputCapture } from "./captured-output.ts";
import type { HostOutcome, HostResult } from "./host-result.ts";
import type { JobOutput, ResolvedJob } from "./job-options.ts";
import { type KeptOutput, OutputFile } from "./output-file.ts";
import { readOutput } from "./read-output.ts";
import { type HostStopper, Stop } from "./stop.ts";

interface HostRun {
  readonly host: string;
  readonly job: ResolvedJob;
  readonly stopper: HostStopper;
  readonly stdout: OutputCapture;
  readonly stderr: OutputCapture;
  readonly files: Partial<Record<JobOutput["stream"], OutputFile>>;
  connectAttempts: number;
  hasStarted: boolean;
}

/** Connects to one host, runs the command and waits until it and its output have ended. Never throws for the host. */
export async function runHost(host: string, job: ResolvedJob, stopper: HostStopper): Promise<HostResult> {
  const startedAt = performance.now();
  const run: HostRun = {
    host,
    job,
    stopper,
    stdout: new OutputCapture(job.outputBytes),
    stderr: new OutputCapture(job.outputBytes),
    files: outputFiles(host, job),
    connectAttempts: 0,
    hasStarted: false,
  };
  let outcome: HostOutcome;
  let kept: readonly (KeptOutput | undefined)[];
  try {
    outcome = await attempt(run);
  } finally {
    stopper.release();
    kept = await Promise.all([run.files.stdout?.close(), run.files.stderr?.close()]);
  }
  return {
    host,
    durationMs: performance.now() - startedAt,
    connectAttempts: run.connectAttempts,
    stdout: run.stdout.result(kept[0]),
    stderr: run.stderr.result(kept[1]),
    ...outcome,
  };
}

function outputFiles(host: string, { outputDirectory, outputFileBytes }: ResolvedJob): HostRun["files"] {
  if (outputDirectory === undefined) return {};
  return {
    stdout: new OutputFile(outputDirectory, host, "stdout", outputFileBytes),
    stderr: new OutputFile(outputDirectory, host, "stderr", outputFileBytes),
  };
}

async function attempt(run: HostRun): Promise<HostOutcome> {
  try {
    const connection = await connectWithRetries(run);
    const exit = await runCommand(connection, run);
    return stoppedOutcome(run) ?? exitOutcome(exit, run.job);
  } catch (error) {
    const isOfHost = error instanceof SshError && !isOfAllHosts(error);
    if (isOfHost || error instanceof Stop) return stoppedOutcome(run) ?? errorOutcome(error, run);
    // A mistake of the program and not of the host: it must surface, and leave nothing running.
    run.stopper.stop("cancelled");
    throw error;
  }
}

/** Where ssh itself or a file of its configuration is at fault, every host would fail in the same way. */
function isOfAllHosts({ code, host }: SshError): boolean {
  return code === "CLIENT_FAILED" || (code === "BAD_SSH_CONFIG" && host === undefined);
}

async function connectWithRetries(run: HostRun): Promise<SshConnection> {
  const { host, job, stopper } = run;
  const { connectRetries = 1, connectRetryDelayMs = 1000 } = job;
  for (;;) {
    run.connectAttempts++;
    try {
      return await job.transport.connect(host, { signal: stopper.signal });
    } catch (error) {
      // The transport has tried a busy server again, and longer, by itself.
      const isWorthIt = error instanceof UnreachableError && error.reason !== "busy";
      if (!isWorthIt || job.drain?.aborted === true || run.connectAttempts > connectRetries) throw error;
    }
    await pause(connectRetryDelayMs * (0.5 + Math.random() / 2), stopper.signal);
  }
}

async function runCommand(connection: SshConnection, run: HostRun): Promise<RemoteExit> {
  const { host, job, stopper } = run;
  const process = await connection.exec(job.commandFor(host), {
    env: job.env,
    sudo: job.sudo,
    mergeOutput: job.mergeOutput,
    signal: stopper.signal,
    stdin: job.stdin === undefined ? "none" : "pipe",
  });
  run.hasStarted = true;
  stopper.noteOutput();
  feed(process, job);
  const outputs = [collect(run, process.stdout, "stdout"), collect(run, process.stderr, "stderr")];
  const [exit] = await Promise.all([process.exit, ...outputs]);
  return exit;
}

function feed(process: RemoteProcess, { stdin }: ResolvedJob): void {
  if (stdin === undefined) return;
  if (typeof stdin !== "function") {
    process.stdin.end(stdin);
    return;
  }
  const source = stdin(process.host);
  // What the command does not read is its own business; a source that breaks ends its input.
  source.once("error", () => process.stdin.end());
  process.stdin.once("close", () => source.destroy());
  source.pipe(process.stdin);
}

async function collect(run: HostRun, stream: Readable, name: JobOutput["stream"]): Promise<void> {
  const { host, stopper } = run;
  const { onOutput } = run.job;
  const file = run.files[name];
  // Whoever cancels wants an end, and a host may have sent megabytes that nobody has seen yet.
  const show = (chunk: Buffer): void | Promise<void> =>
    stopper.reason === "cancelled" ? undefined : onOutput?.({ host, stream: name, chunk });
  await readOutput(stream, (chunk) => {
    stopper.noteOutput();
    run[name].add(chunk);
    return file ? file.add(chunk).then(() => show(chunk)) : show(chunk);
  });
}

function stoppedOutcome({ stopper, hasStarted }: HostRun): HostOutcome | undefined {
  const { reason } = stopper;
  if (reason === undefined) return undefined;
  return reason === "cancelled"
    ? { status: "cancelled", hasStarted }
    : { status: "timed-out", limit: reason, hasStarted };
}

function exitOutcome({ code, signal }: RemoteExit, job: ResolvedJob): HostOutcome {
  return code !== null && job.accepts(code) ? { status: "ok", code } : { status: "failed", code, signal };
}

function errorOutcome(error: SshError | Stop, { hasStarted }: HostRun): HostOutcome {
  if (error instanceof Stop) return { status: "cancelled", hasStarted };
  if (error.code === "HOST_KEY_REFUSED") return { status: "refused-key", error };
  if (hasStarted || error.code === "CONNECTION_LOST") return { status: "lost", error };
  return { status: "unreachable", error };
}
