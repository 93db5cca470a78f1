import { Readable } from "node:stream";
import { createPackStore, openRepository } from "@scap/git";
import { TargetError } from "../src/errors.ts";
import type { PackRequest, StageResult, WorkerReply } from "../src/protocol.ts";
import type { Fleet, FleetStageOptions } from "../src/server/fleet/fleet.ts";
import type { HostAnswer } from "../src/server/rollback/fleet-revisions.ts";
import type { StageName } from "../src/stage.ts";
import { deployInfo, recordingServices, WorkerHandle, type SampleTarget } from "./target/sample-target.ts";

/** One run's connections to hosts whose workers live in this process. Dies with all of them when it is told to. */
export class LocalFleet implements Fleet {
  readonly #options: LocalFleetOptions;
  readonly #workers = new Map<string, Promise<WorkerHandle>>();
  #isDead = false;

  constructor(options: LocalFleetOptions) {
    this.#options = options;
  }

  async stage(host: string, stage: StageName, options: FleetStageOptions): Promise<StageResult> {
    const { commit, packs } = this.#options;
    const worker = await this.#worker(host);
    if (stage === "fetch") {
      const hello = await this.#alive(worker.status());
      if (!hello.completeRevisions.includes(commit)) await this.#alive(packs.sendTo(worker, commit));
    }
    return (await this.#result(host, worker.stage(stage, options))) as StageResult;
  }

  async confirm(host: string): Promise<void> {
    const worker = await this.#worker(host);
    await this.#result(host, worker.ask({ op: "confirm", commit: this.#options.commit }));
  }

  async renew(host: string): Promise<void> {
    const worker = await this.#worker(host);
    await this.#result(host, worker.ask({ op: "renew" }));
  }

  /** The deploy server is gone at this instant: every connection ends, and nothing is heard any more. */
  die(): void {
    this.#isDead = true;
    for (const worker of this.#workers.values()) worker.then((each) => each.close()).catch(() => {});
  }

  /** Waits until no worker is left. */
  async close(): Promise<void> {
    const workers = await Promise.allSettled(this.#workers.values());
    await Promise.all(workers.map(async (each) => each.status === "fulfilled" && (await each.value.close())));
  }

  /** What the hosts answer to somebody who asks which revisions they have. */
  static async ask(hosts: ReadonlyMap<string, SampleTarget>): Promise<Map<string, HostAnswer>> {
    const answers = new Map<string, HostAnswer>();
    for (const [host, target] of hosts) {
      const worker = new WorkerHandle();
      const { current, done } = await worker.hello(target, "", false);
      await worker.close();
      answers.set(host, { kind: "revisions", current, done, revisions: [] });
    }
    return answers;
  }

  async #worker(host: string): Promise<WorkerHandle> {
    if (this.#isDead) return await new Promise<never>(() => {});
    const opening = this.#workers.get(host) ?? this.#open(host);
    opening.catch(() => {});
    this.#workers.set(host, opening);
    return await this.#alive(opening);
  }

  async #open(host: string): Promise<WorkerHandle> {
    const { calls, commit, info, run, targets } = this.#options;
    const target = targets.get(host);
    if (target === undefined) throw new TypeError(`no host ${host}`);
    const worker = new WorkerHandle({ services: recordingServices(calls.get(host) ?? []) });
    await worker.hello(target, run);
    await worker.publish(deployInfo(commit, { service_name: "web", ...info(host) }));
    return worker;
  }

  async #result(host: string, reply: Promise<WorkerReply>): Promise<unknown> {
    const answer = await this.#alive(reply);
    if (answer.ok) return answer.result;
    throw new TargetError(host, answer.error.message, answer.error);
  }

  /** Nobody hears an answer after the end. */
  async #alive<T>(answer: Promise<T>): Promise<T> {
    if (this.#isDead) return await new Promise<never>(() => {});
    const result = await answer;
    if (this.#isDead) return await new Promise<never>(() => {});
    return result;
  }
}

/** Packs each commit of a repository once, for any host. */
export class SharedPacks {
  readonly #directory: string;
  readonly #packed = new Map<string, Promise<{ request: NewPackRequest; bytes: Buffer }>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async sendTo(worker: WorkerHandle, commit: string): Promise<void> {
    const packing = this.#packed.get(commit) ?? this.#pack(commit);
    this.#packed.set(commit, packing);
    const { bytes, request } = await packing;
    await worker.must(request, Readable.from([bytes]));
  }

  async #pack(commit: string): Promise<{ request: NewPackRequest; bytes: Buffer }> {
    const store = await createPackStore(await openRepository(this.#directory));
    const pack = await store.pack({ commit, bases: [] });
    const { indexBytes, payloadBytes, sha256 } = pack;
    const chunks: Buffer[] = [];
    for await (const chunk of pack.open()) chunks.push(chunk);
    await store.dispose();
    const request = { op: "pack", commit, bases: [], indexBytes, payloadBytes, sha256, refs: {} } as const;
    return { request, bytes: Buffer.concat(chunks) };
  }
}

type NewPackRequest = Omit<PackRequest, "id">;

export interface LocalFleetOptions {
  readonly targets: ReadonlyMap<string, SampleTarget>;
  readonly packs: SharedPacks;
  readonly commit: string;
  readonly run: string;
  /** What was done to the services of each host. */
  readonly calls: ReadonlyMap<string, string[]>;
  /** More of the deploy info. */
  readonly info: (host: string) => object;
}
