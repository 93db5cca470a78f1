import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { createPackStore, openRepository } from "@scap/git";
import { expect, vi } from "vitest";
import { WorkerProcess, type Reply } from "./worker-process.ts";

/** What a run is about. */
export interface Run {
  /** Later runs compare greater. */
  readonly run: string;
  readonly commit: string;
  /** More lines of the deploy info. */
  readonly info?: string;
}

/** A target in a directory of its own, and the repository `web` that is deployed to it. */
export class WorkerHost {
  readonly directory: string = realpathSync(mkdtempSync(join(tmpdir(), "scap-worker-test-")));
  readonly source: string = join(this.directory, "source");
  readonly final: string = join(this.directory, "srv/web");
  readonly root: string = join(this.directory, "srv/web-cache");

  constructor() {
    for (const name of ["source", "srv", "bin"]) mkdirSync(join(this.directory, name));
    this.git("init", "--quiet");
  }

  git(...args: string[]): string {
    const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    return execFileSync("git", [...identity, ...args], { cwd: this.source, encoding: "utf8" }).trim();
  }

  /** Commits a file, and answers with the commit. */
  commit(name: string, text: string): string {
    writeFileSync(join(this.source, name), text);
    this.git("add", name);
    this.git("commit", "--quiet", "-m", text);
    return this.git("rev-parse", "HEAD");
  }

  /** Writes a command that is found before all others; `TEST_DIRECTORY` names the directory to it. */
  command(name: string, text: string): void {
    writeFileSync(join(this.directory, "bin", name), text, { mode: 0o755 });
  }

  start(): WorkerProcess {
    const path = `${join(this.directory, "bin")}${delimiter}${process.env["PATH"] ?? ""}`;
    return new WorkerProcess({ PATH: path, TEST_DIRECTORY: this.directory });
  }

  async hello(worker: WorkerProcess, run: string): Promise<Reply> {
    const place = { repo: "web", gitDeployDir: join(this.directory, "srv") };
    return await worker.ask({ op: "hello", protocol: 1, ...place, run, writer: true });
  }

  /** A worker of a run, told what is to be deployed. */
  async open({ commit, info = "", run }: Run): Promise<WorkerProcess> {
    const worker = this.start();
    expect(await this.hello(worker, run)).toMatchObject({ ok: true });
    const deployInfo = `commit: ${commit}\ntag: t\n${info}`;
    const sha256 = createHash("sha256").update(deployInfo).digest("hex");
    await must(worker, { op: "publish", deployInfo, sha256, dryRun: false });
    return worker;
  }

  /** Sends a commit with its history. */
  async send(worker: WorkerProcess, commit: string): Promise<void> {
    const store = await createPackStore(await openRepository(this.source));
    const packed = await store.pack({ commit, bases: [] });
    const { indexBytes, payloadBytes, sha256 } = packed;
    const request = { op: "pack", commit, bases: [], refs: {}, indexBytes, payloadBytes, sha256 };
    await must(worker, request, packed.open());
    await store.dispose();
  }

  /** The revision that the final path leads to. */
  get live(): string {
    return basename(readlinkSync(this.final));
  }

  /** Command lines of the guards of this host, and of what they started. */
  guards(): string[] {
    const lines = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
    return lines.filter((line) => / (scap-guard|finish|guard) /.test(line) && line.includes(this.directory));
  }

  /** Waits until its guards have ended, too. */
  async remove(): Promise<void> {
    // What they look at is gone, which ends them.
    rmSync(this.directory, { recursive: true, force: true });
    await vi.waitFor(() => expect(this.guards()).toEqual([]), { timeout: 30_000, interval: 100 });
  }
}

/** Asks for something that works. */
export async function must(
  worker: WorkerProcess,
  request: Record<string, unknown>,
  payload?: AsyncIterable<Buffer>,
): Promise<void> {
  expect((await worker.ask(request, payload)).error).toBeUndefined();
}

/** The request for a stage. */
export function stage(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { op: "stage", stage: name, force: false, timeoutMs: 30_000, ...more };
}
