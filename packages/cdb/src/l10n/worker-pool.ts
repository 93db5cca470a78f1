import { statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { CdbError } from "../errors.ts";
import { WorkerMemory } from "./worker-memory.ts";
import {
  answer,
  fromPlain,
  type L10nTask,
  type L10nTaskResult,
  TASKS_AT_ONCE,
  type WorkerReply,
} from "./worker-messages.ts";

/** What came of one task. */
export type TaskOutcome =
  | { readonly name: string; readonly result: L10nTaskResult }
  | { readonly name: string; readonly error: Error };

/** How tasks are done. */
export interface PoolOptions {
  readonly threads: number;
  /** The file that a task has to read. */
  readonly inputOf: (task: L10nTask) => string;
  readonly signal?: AbortSignal | undefined;
  /** Told each outcome as it comes, in any order. */
  readonly onOutcome: (outcome: TaskOutcome) => void;
}

/** Starting a thread takes longer than working through this many bytes. */
const SMALL_WORK_BYTES = 1 << 18;
/** Tasks that a worker has or waits for: this thread may be too busy to give it the next for a while. */
const TASKS_PER_WORKER = TASKS_AT_ONCE + 4;

/**
 * Does tasks in this thread and, if there is enough to do, in worker threads. Once the signal fires no further task is
 * begun, and this returns when those under way have ended.
 */
export async function runTasks(tasks: readonly L10nTask[], options: PoolOptions): Promise<void> {
  const sizes = new Map(tasks.map((task) => [task, sizeOf(options.inputOf(task))]));
  const totalBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (totalBytes <= SMALL_WORK_BYTES) return await workHere(tasks.toReversed(), new WorkerMemory(), options);
  // The largest first, so that no thread is left with it in the end; they are taken from the end of the queue.
  const queue = tasks.toSorted((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
  const workers = Math.min(options.threads, tasks.length) - 1;
  const underWay = Array.from({ length: workers }, () => runWorker(queue, options));
  const memory = new WorkerMemory();
  for (let n = 0; n < TASKS_AT_ONCE; n++) underWay.push(workHere(queue, memory, options));
  await Promise.all(underWay);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function workHere(
  queue: L10nTask[],
  memory: WorkerMemory,
  { signal, onOutcome }: PoolOptions,
): Promise<void> {
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    onOutcome(toOutcome(await answer(task, memory)));
    // Signals and the workers' answers come in only between two turns of the event loop.
    await setImmediate();
    if (signal?.aborted === true) return;
  }
}

function toOutcome(reply: WorkerReply): TaskOutcome {
  return "error" in reply ? { name: reply.name, error: fromPlain(reply.error) } : reply;
}

/** Feeds one worker until the queue is empty, the signal fires, or it dies. */
async function runWorker(queue: L10nTask[], { signal, onOutcome }: PoolOptions): Promise<void> {
  const worker = new Worker(new URL("./l10n-worker.js", import.meta.url));
  const underWay = new Set<string>();
  const { promise, resolve } = settled();
  const feed = (): void => {
    while (underWay.size < TASKS_PER_WORKER) {
      const task = signal?.aborted === true ? undefined : queue.pop();
      if (task === undefined) break;
      underWay.add(task.name);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(task);
    }
    if (underWay.size === 0) resolve();
  };
  const fail = (error: Error): void => {
    for (const name of underWay) onOutcome({ name, error });
    underWay.clear();
    resolve();
  };
  worker.on("message", (reply: WorkerReply) => {
    underWay.delete(reply.name);
    onOutcome(toOutcome(reply));
    feed();
  });
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new CdbError("CDB_IO", `a worker thread ended with code ${code}`)));
  feed();
  await promise;
  worker.removeAllListeners("exit");
  await worker.terminate();
}

function settled(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
