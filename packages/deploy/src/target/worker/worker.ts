import type { Readable, Writable } from "node:stream";

import { LONGEST_SILENCE_MS, type WorkerReply, type WorkerRequest } from "../../protocol.ts";
import { receiveRequests, type ReceivedRequest } from "./request-queue.ts";
import { describeFailure, TargetWorkError } from "../target-error.ts";
import type { WorkerSessionOptions } from "./session-host.ts";
import { WorkerSession } from "./worker-session.ts";

/** A worker's connection to the deploy server, and what it needs of the host. */
export interface WorkerOptions extends WorkerSessionOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Told to stop: a newer run wants the host, or somebody ended the process. */
  readonly stop: AbortSignal;
  /** Longest silence of the deploy server, in milliseconds. @defaultValue 20_000 */
  readonly silenceMs?: number;
}

/** Longest time of the requests that do not bring their own, in milliseconds. */
const REQUEST_TIMEOUT_MS: Readonly<Record<Exclude<WorkerRequest["op"], "stage" | "restore">, number>> = {
  hello: 120_000,
  publish: 60_000,
  pack: 1_800_000,
  "large-files": 60_000,
  "large-file": 1_800_000,
  confirm: 60_000,
  renew: 60_000,
  status: 60_000,
  bye: 60_000,
};

/** Time for stopped work to clean up before the answer is given without it, in milliseconds. */
const GRACE_MS = 3_500;

/**
 * Serves one deployment on this host until the input ends: then running work is stopped with all its processes, and the
 * seat is given up.
 *
 * @returns the status to exit with
 */
export async function runWorker(options: WorkerOptions): Promise<number> {
  const { silenceMs = LONGEST_SILENCE_MS } = options;
  const session = new WorkerSession(options);
  const gone = new AbortController();
  const stopped = AbortSignal.any([gone.signal, options.stop]);
  options.output.on("error", () => gone.abort());
  let running: Promise<{ isStuck: boolean }> = Promise.resolve({ isStuck: false });
  const yieldSeat = async (): Promise<void> => {
    // The lock's holder kills what goes on, once this process has ended without giving the seat up.
    if ((await running).isStuck) return;
    await session.yieldSeat();
    // Without a newer run there is nobody to tell the deploy server about.
    if ((await session.fencedBy()) === undefined) options.input.destroy();
  };
  options.stop.addEventListener("abort", () => void yieldSeat(), { once: true });
  try {
    for await (const received of receiveRequests(options.input, () => gone.abort(), silenceMs)) {
      if (gone.signal.aborted && received.request.op !== "bye") break;
      const work = carryOut(session, received, stopped);
      running = work;
      const { isStuck, reply } = await work;
      if (!options.output.destroyed) options.output.write(`${JSON.stringify(reply)}\n`);
      if (received.request.op === "bye" || isStuck) break;
    }
    return 0;
  } catch (cause) {
    const { code, message } = describeFailure(cause);
    options.logger.error("%s (%s)", { args: [message, code] });
    return 1;
  } finally {
    if (!(await running).isStuck) await session.yieldSeat();
  }
}

interface Answer {
  readonly reply: WorkerReply;
  /** Whether work goes on that could not be stopped. */
  readonly isStuck: boolean;
}

/** Every request ends: by itself, by its time limit, or by the end of the connection. */
async function carryOut(
  session: WorkerSession,
  received: ReceivedRequest,
  stopped: AbortSignal,
): Promise<Answer> {
  const { request } = received;
  const timeoutMs = "timeoutMs" in request ? request.timeoutMs : (REQUEST_TIMEOUT_MS[request.op] ?? 60_000);
  const late = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([late, stopped]);
  const patience = new AbortController();
  let isStuck = false;
  try {
    const work = perform(session, received, signal);
    const result = await Promise.race([
      work,
      afterGrace(signal, patience.signal).then(() => (isStuck = true)),
    ]);
    if (isStuck) throw tooLate(request, timeoutMs);
    return { reply: { reply: request.id, ok: true, result: result ?? null }, isStuck };
  } catch (cause) {
    const error = await reasonOf(cause, {
      session,
      stopped,
      late: late.aborted ? tooLate(request, timeoutMs) : undefined,
    });
    return { reply: { reply: request.id, ok: false, error: describeFailure(error) }, isStuck };
  } finally {
    patience.abort();
  }
}

async function perform(
  session: WorkerSession,
  received: ReceivedRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const { payload, request } = received;
  signal.throwIfAborted();
  switch (request.op) {
    case "hello":
      return await session.hello(request, signal);
    case "publish":
      return await session.publish(request);
    case "pack":
      return await session.pack(request, payload, signal);
    case "large-files":
      return await session.largeFiles(request);
    case "large-file":
      return await session.largeFile(request, payload, signal);
    case "stage":
      return await session.stage(request, signal);
    case "restore":
      return await session.restore(request, signal);
    case "confirm":
      return await session.confirm(request);
    case "renew":
      return await session.renew();
    case "status":
      return await session.status();
    case "bye":
      return session.bye();
    default: {
      const { op } = request satisfies never as WorkerRequest;
      throw new TargetWorkError(`Unknown request ${JSON.stringify(op)}`, { code: "PROTOCOL" });
    }
  }
}

/** Resolves a while after the signal, never when `done` comes first. */
async function afterGrace(signal: AbortSignal, done: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const start = (): void => {
      const timer = setTimeout(resolve, GRACE_MS);
      done.addEventListener("abort", () => clearTimeout(timer), { once: true });
    };
    if (signal.aborted) start();
    else signal.addEventListener("abort", start, { once: true });
  });
}

function tooLate(request: WorkerRequest, timeoutMs: number): TargetWorkError {
  const work = request.op === "stage" ? request.stage : request.op;
  return new TargetWorkError(`${work} did not end within ${timeoutMs / 1000} s and was stopped`, {
    code: "TIMED_OUT",
    hint: "See what the host was busy with, or raise stage_timeout.",
  });
}

/** Work that was stopped fails in many ways; what counts is why it was stopped. */
async function reasonOf(
  cause: unknown,
  why: { session: WorkerSession; stopped: AbortSignal; late: TargetWorkError | undefined },
): Promise<unknown> {
  if (!why.stopped.aborted) return why.late ?? cause;
  const fence = await why.session.fencedBy();
  return fence ?? new TargetWorkError("The worker was told to stop", { code: "STOPPED", cause });
}
