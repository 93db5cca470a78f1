import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { createPackStore, openRepository } from "@scap/git";
import { createLogger, type LogRecord } from "@scap/log";

import type { DeployInfo } from "../../src/deploy-info.ts";
import { serialiseDeployInfo } from "../../src/serialise-deploy-info.ts";
import type { HelloResult, StageResult, WorkerReply, WorkerRequest } from "../../src/protocol.ts";
import type { ServiceManager } from "../../src/target/services/service-manager.ts";
import { runWorker, type WorkerOptions } from "../../src/target/worker/worker.ts";

/** A request without its number. */
type NewRequest = WorkerRequest extends infer R ? (R extends WorkerRequest ? Omit<R, "id"> : never) : never;

/** A deploy server's end of a worker that runs in this process. */
export class WorkerHandle {
  readonly records: LogRecord[] = [];
  readonly exit: Promise<number>;
  readonly #input = new PassThrough();
  readonly #stop = new AbortController();
  readonly #waiting = new Map<number, (reply: WorkerReply) => void>();
  #id = 0;

  constructor(options: Partial<WorkerOptions> = {}) {
    const output = new PassThrough();
    const lines = createInterface({ input: output });
    lines.on("line", (line) => {
      const reply = JSON.parse(line) as WorkerReply;
      this.#waiting.get(reply.reply)?.(reply);
    });
    this.exit = runWorker({
      input: this.#input,
      output,
      stop: this.#stop.signal,
      logger: createLogger({
        name: "deploy-local",
        sinks: [{ write: (record) => this.records.push(record), close: async () => {} }],
      }),
      services: recordingServices([]),
      render: async (file) => file.template,
      ownDeployDir: async () => undefined,
      secondarySignalFile: async () => "/nonexistent",
      ownOptions: async () => ({}),
      ...options,
    });
  }

  /** Sends a request; the reply as it came. */
  async ask(request: NewRequest, payload?: AsyncIterable<Buffer>): Promise<WorkerReply> {
    const id = ++this.#id;
    const reply = new Promise<WorkerReply>((resolve) => this.#waiting.set(id, resolve));
    this.#input.write(`${JSON.stringify({ ...request, id })}\n`);
    if (payload !== undefined) for await (const chunk of payload) this.#input.write(chunk);
    return await reply;
  }

  /** Sends a request that must succeed. */
  async must(request: NewRequest, payload?: AsyncIterable<Buffer>): Promise<unknown> {
    const reply = await this.ask(request, payload);
    if (!reply.ok) throw new Error(`${request.op} failed: ${JSON.stringify(reply.error)}`);
    return reply.result;
  }

  async hello(
    target: SampleTarget,
    run = "20310405T060708-1",
    writer = true,
    umask = 0o002,
  ): Promise<HelloResult> {
    return (await this.must({
      ...{ op: "hello", protocol: 1, run, writer, umask },
      ...{ repo: "acme/web", gitDeployDir: target.gitDeployDir },
    })) as HelloResult;
  }

  async status(): Promise<HelloResult> {
    return (await this.must({ op: "status" })) as HelloResult;
  }

  async publish(info: DeployInfo, dryRun = false): Promise<void> {
    const text = serialiseDeployInfo(info);
    const sha256 = createHash("sha256").update(text).digest("hex");
    await this.must({ op: "publish", deployInfo: text, sha256, dryRun });
  }

  /** Sends what the host lacks of a commit. */
  async sendRevision(directory: string, commit: string, hello: HelloResult): Promise<void> {
    const store = await createPackStore(await openRepository(directory));
    const pack = await store.pack({ commit, bases: hello.bases });
    const { bases, indexBytes, payloadBytes, sha256 } = pack;
    const request = { op: "pack", commit, bases, indexBytes, payloadBytes, sha256, refs: {} } as const;
    await this.must(request, pack.open());
    await store.dispose();
  }

  async stage(stage: StageResult["stages"][number]["stage"], more = {}): Promise<WorkerReply> {
    return await this.ask({ op: "stage", stage, force: false, timeoutMs: 30_000, ...more });
  }

  async close(): Promise<number> {
    this.#input.end();
    return await this.exit;
  }

  stop(): void {
    this.#stop.abort();
  }
}

export interface SampleTarget {
  readonly directory: string;
  readonly gitDeployDir: string;
  readonly final: string;
  readonly root: string;
  remove(): void;
}

export function createSampleTarget(): SampleTarget {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-target-test-")));
  const gitDeployDir = join(directory, "srv");
  mkdirSync(gitDeployDir);
  const final = join(gitDeployDir, "acme/web");
  return {
    directory,
    gitDeployDir,
    final,
    root: `${final}-cache`,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export function deployInfo(commit: string, more: Partial<DeployInfo> = {}): DeployInfo {
  return {
    ...{ commit, git_rev: commit, tag: "scap/sync/2031-04-05/0001", user: "deployer", log_json: true },
    ...{ timestamp: "2031-04-05T06:07:08.123456", original_origin: "", perform_checks: true },
    ...more,
  };
}

/** Writes down what would be done. */
export function recordingServices(calls: string[]): ServiceManager {
  return {
    restart: async (name) => void calls.push(`restart ${name}`),
    reload: async (name) => void calls.push(`reload ${name}`),
    disable: async (name) => void calls.push(`disable ${name}`),
    enable: async (name) => void calls.push(`enable ${name}`),
    exists: async (name) => name !== "miss",
  };
}
