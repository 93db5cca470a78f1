import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { DeployInfo } from "../../src/deploy-info.ts";
import type { WorkerReply } from "../../src/protocol.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
let worker: WorkerHandle;
let run = 0;
beforeEach(() => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
});
afterEach(async () => {
  await worker.close();
  target.remove();
});

function note(word: string): Record<string, unknown> {
  const command = `echo ${word} $(readlink $SCAP_FINAL_PATH | tail -c 6) >>${join(target.directory, "trace")}`;
  return { type: "command", shell: true, command };
}

/** Definitions that write down what happens when, with the end of the revision that is live then. */
function tracing(more: Record<string, unknown> = {}): DeployInfo["checks"] {
  return {
    drain: { ...note("drain"), hook: "drain" },
    pool: { ...note("pool"), hook: "pool" },
    after: { ...note("promoted"), after: "promote" },
    ...more,
  };
}

function takeTrace(): string[] {
  const file = join(target.directory, "trace");
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  rmSync(file);
  return lines;
}

async function deploy(commit: string, checks: DeployInfo["checks"]): Promise<WorkerReply> {
  worker = new WorkerHandle();
  const hello = await worker.hello(target, `run-${++run}`);
  await worker.publish(deployInfo(commit, checks === undefined ? {} : { checks }));
  await worker.sendRevision(source.directory, commit, hello);
  await worker.stage("fetch");
  return await worker.stage("promote");
}

async function finalize(): Promise<void> {
  await worker.stage("finalize");
  await worker.close();
}

describe("hooks around a switch", () => {
  it("drain before it and pool after its checks; a promotion with nothing to do runs none", async () => {
    const [first, second] = [source.commit({ a: "1" }), source.commit({ a: "2" })];
    await deploy(first, tracing());
    await finalize();
    takeTrace();
    expect(await deploy(second, tracing())).toMatchObject({ ok: true });
    expect(takeTrace()).toEqual([`drain ${end(first)}`, `promoted ${end(second)}`, `pool ${end(second)}`]);
    await worker.stage("promote");
    expect(() => takeTrace()).toThrow("ENOENT");
  });

  it("leave a host whose check failed out of service, until the rollback puts it back", async () => {
    const [first, second] = [source.commit({ a: "1" }), source.commit({ a: "2" })];
    await deploy(first, tracing());
    await finalize();
    takeTrace();
    const broken = tracing({ broken: { type: "command", command: "false", after: "promote" } });
    expect(await deploy(second, broken)).toMatchObject({ ok: false, error: { code: "CHECK_FAILED" } });
    expect(takeTrace()).toEqual([`drain ${end(first)}`, `promoted ${end(second)}`]);
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(takeTrace()).toEqual([`drain ${end(second)}`, `pool ${end(first)}`]);
  });

  it("do not switch when drain fails, blame no revision, and put the host back at once", async () => {
    const [first, second] = [source.commit({ a: "1" }), source.commit({ a: "2" })];
    await deploy(first, tracing());
    await finalize();
    takeTrace();
    const stuck = tracing({ drain: { type: "command", command: "false", hook: "drain" } });
    expect(await deploy(second, stuck)).toMatchObject({
      ok: false,
      error: { code: "DRAIN_FAILED", message: "Hook drain: exit status 1" },
    });
    expect(readFileSync(join(target.final, "a"), "utf8")).toBe("1");
    expect(takeTrace()).toEqual([`pool ${end(first)}`]);
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(() => takeTrace()).toThrow("ENOENT");
  });

  it("say that the host may be out of service when it cannot be put back after drain failed", async () => {
    const fails = { type: "command", command: "false" };
    const checks = { drain: { ...fails, hook: "drain" }, back: { ...fails, hook: "pool" } };
    expect(await deploy(source.commit({ a: "1" }), checks)).toMatchObject({
      error: {
        code: "DRAIN_FAILED",
        hint: expect.stringMatching(/not switched\. The host may be out of service \(Hook pool: back: exit/),
      },
    });
  });

  it("do not keep a host from going back when drain fails", async () => {
    const [first, second] = [source.commit({ a: "1" }), source.commit({ a: "2" })];
    await deploy(first, tracing());
    await finalize();
    const gone = join(target.directory, "gone");
    const drain = { type: "command", shell: true, command: `test ! -e ${gone}`, hook: "drain" };
    const broken = { type: "command", shell: true, command: `touch ${gone}; false`, after: "promote" };
    await deploy(second, tracing({ broken, drain }));
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "a"), "utf8")).toBe("1");
  });

  it("let the first deployment be taken back where nothing is left that could be put into service", async () => {
    const fails = { type: "command", command: "false" };
    const checks = tracing({ pool: { ...fails, hook: "pool" }, broken: { ...fails, after: "promote" } });
    expect(await deploy(source.commit({ a: "1" }), checks)).toMatchObject({
      error: { code: "CHECK_FAILED" },
    });
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
  });
});

it("a task that runs once stays out of the stage, and runs when it is asked for", async () => {
  const commit = source.commit({ a: "1" });
  const checks = tracing({ migrate: { ...note("migrate"), before: "promote", run: "once" } });
  await deploy(commit, checks);
  expect(takeTrace().filter((line) => line.startsWith("migrate"))).toEqual([]);
  expect(await worker.stage("promote", { tasks: "before" })).toMatchObject({ ok: true });
  expect(takeTrace()).toEqual([`migrate ${end(commit)}`]);
});

function end(commit: string): string {
  return commit.slice(-5);
}
