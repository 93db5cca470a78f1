import { Worker } from "node:worker_threads";
import { CdbError } from "../errors.ts";
import { WorkerMemory } from "./worker-memory.ts";
import {
  answer,
  fromPlain,
  type L10nTask,
  type L10nTaskResult,
  type WorkerReply,
} from "./worker-messages.ts";

/** What came of one task. */
export type TaskOutcome =
  | { readonly name: string; readonly result: L10nTaskResult }
  | { readonly name: string; readonly error: Error };

/** How tasks are done. */
export interface PoolOptions {
  readonly threads: number;
  /** Bytes that are to be read. */
  readonly totalBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Told each outcome as it comes, in any order. */
  readonly onOutcome: (outcome: TaskOutcome) => void;
}

/** Starting a thread takes longer than working through this many bytes. */
const SMALL_WORK_BYTES = 1 << 18;
/** While the disk takes one file, the thread works on the next. */
const TASKS_PER_WORKER = 2;

/**
 * Does tasks in worker threads, or in this one if there is little to do. Once the signal fires no further task is
 * begun, and this returns when those under way have ended.
 */
export async function runTasks(tasks: readonly L10nTask[], options: PoolOptions): Promise<void> {
  const queue = tasks.toReversed();
  const isSmall = options.totalBytes <= SMALL_WORK_BYTES;
  const count = Math.min(options.threads, tasks.length);
  if (isSmall) await runHere(queue, options);
  else await Promise.all(Array.from({ length: count }, () => runWorker(queue, options)));
  if (options.signal?.aborted === true) return;
  // Something is left only if every worker has died.
  for (const { name } of queue)
    options.onOutcome({ name, error: new CdbError("CDB_IO", "no worker thread is left") });
}

async function runHere(queue: L10nTask[], { signal, onOutcome }: PoolOptions): Promise<void> {
  const memory = new WorkerMemory();
  for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
    onOutcome(toOutcome(await answer(task, memory)));
    if (signal?.aborted === true) return;
  }
}

function toOutcome(reply: WorkerReply): TaskOutcome {
  return "error" in reply ? { name: reply.name, error: fromPlain(reply.error) } : reply;
}

/** Feeds one worker until the queue is empty, the signal fires, or it dies. */
async function runWorker(queue: L10nTask[], { signal, onOutcome }: PoolOptions): Promise<void> {
  const worker = startWorker();
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

function startWorker(): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./l10n-worker.js", import.meta.url));
  // The tests run from the sources, which Node 20 cannot load without help.
  const source = new URL("./worker.ts", import.meta.url).href;
  return new Worker(`import("tsx/esm/api").then((tsx) => tsx.tsImport("${source}", "${source}"))`, {
    eval: true,
  });
}

function settled(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
