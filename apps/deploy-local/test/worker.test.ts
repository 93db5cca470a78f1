import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPackStore, openRepository } from "@scap/git";
import { WorkerProcess, type Reply } from "./worker-process.ts";

let directory: string;
let commit: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-worker-test-")));
  const source = join(directory, "source");
  mkdirSync(source);
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: source,
      encoding: "utf8",
    });
  git("init", "--quiet");
  writeFileSync(join(source, "a"), "a");
  git("add", "a");
  git("commit", "--quiet", "-m", "first");
  commit = git("rev-parse", "HEAD").trim();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const root = (): string => join(directory, "srv/web-cache");

async function hello(worker: WorkerProcess, run: string): Promise<Reply> {
  return await worker.ask({
    op: "hello",
    protocol: 1,
    repo: "web",
    gitDeployDir: join(directory, "srv"),
    run,
    writer: true,
  });
}

async function ready(run: string, checks = "{}"): Promise<WorkerProcess> {
  const worker = new WorkerProcess();
  mkdirSync(join(directory, "srv"), { recursive: true });
  expect(await hello(worker, run)).toMatchObject({ ok: true });
  const deployInfo = `commit: ${commit}\ntag: t\nchecks: ${checks}\n`;
  const sha256 = createHash("sha256").update(deployInfo).digest("hex");
  expect(await worker.ask({ op: "publish", deployInfo, sha256, dryRun: false })).toMatchObject({ ok: true });
  const store = await createPackStore(await openRepository(join(directory, "source")));
  const packed = await store.pack({ commit, bases: [] });
  const { indexBytes, payloadBytes, sha256: sum } = packed;
  const pack = { op: "pack", commit, bases: [], refs: {}, indexBytes, payloadBytes, sha256: sum };
  expect(await worker.ask(pack, packed.open())).toMatchObject({ ok: true });
  await store.dispose();
  return worker;
}

const stage = (name: string): Record<string, unknown> => ({
  op: "stage",
  stage: name,
  force: false,
  timeoutMs: 30_000,
});

/** A check that writes its process id and then hangs, with a child that hangs too. */
const hangs = (): string =>
  JSON.stringify({
    slow: {
      ...{ type: "command", before: "fetch", timeout: 60, shell: true },
      command: `sleep 1000 & echo $$ $! > ${directory}/pids.new; mv ${directory}/pids.new ${directory}/pids; wait`,
    },
  });

async function pidsOfCheck(): Promise<number[]> {
  const file = join(directory, "pids");
  await new Promise<void>((resolve) => {
    const watcher = watch(directory, () => finish());
    const finish = (): void => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    finish();
  });
  return readFileSync(file, "utf8").trim().split(" ").map(Number);
}

function isRunning(pid: number): boolean {
  const state = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return state !== "" && !/\) Z /.test(state);
}

/** A run that takes the seat proves that everything of the last one has ended: its lock outlives its processes. */
async function takeSeat(run: string): Promise<void> {
  const next = new WorkerProcess();
  expect(await hello(next, run)).toMatchObject({ ok: true });
  await next.close();
}

describe("the worker", () => {
  it("is killed with kill -9 in a check: no process is left and the seat is free (deploy W10)", async () => {
    const worker = await ready("run-1", hangs());
    void worker.ask(stage("fetch"));
    const pids = await pidsOfCheck();
    worker.child.kill("SIGKILL");
    await worker.exited;
    await takeSeat("run-2");
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it("loses its connection in a check: it ends with all its processes", async () => {
    const worker = await ready("run-1", hangs());
    void worker.ask(stage("fetch"));
    const pids = await pidsOfCheck();
    await worker.close();
    expect(pids.filter(isRunning)).toEqual([]);
    await takeSeat("run-2");
  });

  it("yields to a newer run in the middle of a check, and can change nothing more (deploy W10)", async () => {
    const older = await ready("run-1", hangs());
    const fetching = older.ask(stage("fetch"));
    await pidsOfCheck();
    const newer = await ready("run-2");
    expect(await fetching).toMatchObject({ ok: false, error: { code: "FENCED" } });
    expect(await older.ask(stage("promote"))).toMatchObject({ ok: false, error: { code: "FENCED" } });
    expect(await newer.ask(stage("fetch"))).toMatchObject({ ok: true });
    expect(await newer.ask(stage("promote"))).toMatchObject({ ok: true });
    expect(readlinkSync(join(root(), "current"))).toBe(`revs/${commit}`);
    await Promise.all([older.close(), newer.close()]);
  });

  it("kills the worker of an older run that does not react", async () => {
    const older = await ready("run-1");
    older.child.kill("SIGSTOP");
    const newer = new WorkerProcess();
    expect(await hello(newer, "run-2")).toMatchObject({ ok: true });
    await older.exited;
    await newer.close();
  }, 60_000);

  it("refuses a run that is older than the last one", async () => {
    await (await ready("run-2")).close();
    const late = new WorkerProcess();
    expect(await hello(late, "run-1")).toMatchObject({ ok: false, error: { code: "FENCED" } });
    await late.close();
  });

  it("stops a stage that takes too long, with its processes", async () => {
    const worker = await ready("run-1", hangs());
    const reply = worker.ask({ ...stage("fetch"), timeoutMs: 1_500 });
    const pids = await pidsOfCheck();
    expect(await reply).toMatchObject({ ok: false, error: { code: "TIMED_OUT" } });
    expect(pids.filter(isRunning)).toEqual([]);
    await worker.close();
  });

  it("ends with a check that ignores every request to stop, and leaves nothing of it", async () => {
    const command = `trap "" TERM; echo $$ $$ > ${directory}/pids.new; mv ${directory}/pids.new ${directory}/pids; while :; do sleep 0.2; done`;
    const worker = await ready(
      "run-1",
      JSON.stringify({ c: { command, before: "fetch", timeout: 60, shell: true } }),
    );
    void worker.ask(stage("fetch"));
    const pids = await pidsOfCheck();
    await worker.close();
    await takeSeat("run-2");
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it("says in one sentence that git is missing", async () => {
    const tools = join(directory, "bin");
    mkdirSync(tools);
    for (const name of ["sh", "flock", "grep", "tr", "node"]) {
      execFileSync("ln", [
        "-s",
        execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(),
        tools,
      ]);
    }
    mkdirSync(join(directory, "srv"));
    const worker = new WorkerProcess({ PATH: tools });
    await hello(worker, "run-1");
    const deployInfo = `commit: ${commit}\n`;
    const sha256 = createHash("sha256").update(deployInfo).digest("hex");
    await worker.ask({ op: "publish", deployInfo, sha256, dryRun: false });
    const reply = await worker.ask(stage("fetch"));
    expect(reply).toMatchObject({ ok: false, error: { code: "GIT_MISSING", exitCode: 1 } });
    expect(readdirSync(join(root(), "revs"))).toEqual([]);
    await worker.close();
  });

  it("refuses requests that are no requests, and ends", async () => {
    const worker = new WorkerProcess();
    worker.child.stdin?.write("nonsense\n");
    expect(await worker.exited).toEqual([1, null]);
  });
});
