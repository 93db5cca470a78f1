import { parentPort } from "node:worker_threads";
import { WorkerMemory } from "./worker-memory.ts";
import { answer, type L10nTask } from "./worker-messages.ts";

// A thread that works on files of a localisation cache: a task comes in, an answer goes out.
const memory = new WorkerMemory();

parentPort?.on("message", (task: L10nTask) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void answer(task, memory).then((reply) => parentPort?.postMessage(reply));
});
