import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import type { RemoteProcess, SshConnection, Transport } from "@scap/ssh-job";
import { expect, it } from "vitest";
import type { WorkerRequest } from "../../protocol.ts";
import { Runtimes } from "../delivery/runtimes.ts";
import { workerFile } from "../delivery/worker-delivery.ts";
import { SshFleet } from "./ssh-fleet.ts";

/** A worker that greets and then answers some requests, and leaves all others without an answer. */
function startWorker(answers: readonly WorkerRequest["op"][]): RemoteProcess {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  createInterface({ input: stdin }).on("line", (line) => {
    if (line === "") return;
    const { id, op } = JSON.parse(line) as WorkerRequest; // written by the fleet
    if (op !== "hello" && !answers.includes(op)) return;
    stdout.write(`${JSON.stringify({ reply: id, ok: true, result: { verdicts: {}, noop: false } })}\n`);
  });
  const exit = new Promise<never>(() => {});
  return { host: "web1", stdin, stdout, stderr, exit, kill: () => {} };
}

/** A host that falls silent after the greeting on its first connection. */
function silentAtFirst(): { pool: Transport; log: string[] } {
  const log: string[] = [];
  let count = 0;
  const connect = async (): Promise<SshConnection> => {
    const number = ++count;
    log.push(`connect ${number}`);
    return {
      host: "web1",
      exec: async () => startWorker(number === 1 ? [] : ["stage"]),
      close: async () => void log.push(`close ${number}`),
    };
  };
  return { log, pool: { descriptorsPerHost: 0, connect, close: async () => {} } };
}

it("takes a host that fell silent back over a new connection: the old one may never say that it is gone", async () => {
  const { log, pool } = silentAtFirst();
  const runtimes = new Runtimes({ mode: "never", files: [], directory: "/nonexistent" });
  const fleet = new SshFleet({
    ...{ pool, workerFile: workerFile(Buffer.from("")), runtimes },
    ...{ repo: "acme/web", gitDeployDir: "/srv", run: "1", writer: true, force: false },
    ...{ connectTimeoutMs: 100, stageTimeoutMs: 100, onLine: () => {}, abort: new AbortController().signal },
  });
  await expect(fleet.stage("web1", "promote", { group: "default" })).rejects.toMatchObject({
    code: "TIMED_OUT",
  });
  expect(await fleet.stage("web1", "rollback", { group: "default" })).toMatchObject({ noop: false });
  expect(log).toEqual(["connect 1", "close 1", "connect 2"]);
});
