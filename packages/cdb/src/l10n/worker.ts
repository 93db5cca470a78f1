import { parentPort } from "node:worker_threads";
import { WorkerMemory } from "./worker-memory.ts";
import { answer, type L10nTask, TASKS_AT_ONCE } from "./worker-messages.ts";

// A thread that works on files of a localisation cache: a task comes in, an answer goes out.
const memory = new WorkerMemory();
const queue: L10nTask[] = [];
let underWay = 0;

parentPort?.on("message", (task: L10nTask) => {
  queue.push(task);
  if (underWay < TASKS_AT_ONCE) void work();
});

async function work(): Promise<void> {
  underWay++;
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
    const reply = await answer(task, memory);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage(reply);
  }
  underWay--;
}
