import { existsSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { TargetWorkError } from "../../src/target/target-error.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import {
  createSampleTarget,
  deployInfo,
  recordingServices,
  WorkerHandle,
  type SampleTarget,
} from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
let worker: WorkerHandle;
let calls: string[];
let runs = 0;
beforeEach(() => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
  calls = [];
});
afterEach(async () => {
  await worker.close();
  target.remove();
});

const FAILING = { checks: { smoke: { type: "command", after: "promote", command: "false" } } };

/** A worker of a new run that was told what to deploy. */
async function start(commit: string, info: object = {}): Promise<WorkerHandle> {
  worker = new WorkerHandle({ services: recordingServices(calls) });
  const hello = await worker.hello(target, `run-${String(++runs).padStart(5, "0")}`);
  await worker.publish(deployInfo(commit, { service_name: "web", ...info }));
  if (!hello.completeRevisions.includes(commit)) await worker.sendRevision(source.directory, commit, hello);
  return worker;
}

async function finish(commit: string, info: object = {}): Promise<void> {
  await start(commit, info);
  for (const stage of ["fetch", "promote", "finalize"] as const)
    expect(await worker.stage(stage)).toMatchObject({ ok: true });
  await worker.close();
}

async function fail(commit: string, leaving?: object): Promise<void> {
  await start(commit, FAILING);
  await worker.stage("fetch");
  expect(await worker.stage("promote")).toMatchObject({ ok: false, error: { code: "CHECK_FAILED" } });
  expect(await worker.stage("rollback", { leaving })).toMatchObject({ ok: true });
  await worker.close();
}

async function verdicts(): Promise<Record<string, { verdict: string; reason?: string }>> {
  worker = new WorkerHandle();
  const hello = await worker.hello(target, "", false);
  await worker.close();
  return { ...hello.verdicts };
}

function revision(commit: string): string {
  return join(target.root, "revs", commit);
}

describe("the verdict on a revision", () => {
  it("is good once it was finalized, and unknown before", async () => {
    const commit = source.commit({ a: "1" });
    await start(commit);
    await worker.stage("fetch");
    await worker.stage("promote");
    await worker.close();
    expect(await verdicts()).toEqual({});
    await finish(commit);
    expect(await verdicts()).toMatchObject({ [commit]: { verdict: "good" } });
  });

  it("is bad with the reason after a failed check, and stays so when the run rolls back", async () => {
    const good = source.commit({ a: "1" });
    await finish(good);
    const bad = source.commit({ a: "2" });
    await fail(bad, { verdict: "unknown", reason: "the host was lost" });
    expect(await verdicts()).toMatchObject({
      [good]: { verdict: "good" },
      [bad]: { verdict: "bad", reason: expect.stringContaining("smoke") },
    });
    expect(readlinkSync(target.final)).toBe(`web-cache/revs/${good}`);
  });

  it("is what the run says on hosts where the revision did not fail by itself", async () => {
    await finish(source.commit({ a: "1" }));
    const commit = source.commit({ a: "2" });
    await start(commit);
    await worker.stage("fetch");
    await worker.stage("promote");
    const leaving = { verdict: "bad", reason: "2 of 9 failed" };
    await worker.stage("rollback", { leaving });
    await worker.close();
    expect(await verdicts()).toMatchObject({ [commit]: leaving });
  });

  it("stays good when a check fails on the finalized revision, which a rollback must lead to", async () => {
    const commit = source.commit({ a: "1" });
    await finish(commit);
    await start(commit, FAILING);
    await worker.stage("promote", { force: true });
    await worker.close();
    expect(await verdicts()).toMatchObject({ [commit]: { verdict: "good" } });
  });

  it("is not taken from a service whose restart was stopped in the middle", async () => {
    const commit = source.commit({ a: "1" });
    await start(commit);
    await worker.stage("fetch");
    await worker.close();
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const restart = async (_name: string, signal: AbortSignal): Promise<void> => {
      begin();
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      throw new TargetWorkError("service web restart was killed", { code: "SERVICE_FAILED" });
    };
    const stopped = new WorkerHandle({ services: { ...recordingServices(calls), restart } });
    await stopped.hello(target, `run-${String(++runs).padStart(5, "0")}`);
    await stopped.publish(deployInfo(commit, { service_name: "web" }));
    void stopped.stage("promote");
    await begun;
    await stopped.close();
    expect((await verdicts())[commit]).toBeUndefined();
  });

  it("is not taken from a failure of the host", async () => {
    const commit = source.commit({ a: "1" });
    await start(commit);
    await worker.stage("fetch");
    writeFileSync(join(revision(commit), ".git/HEAD"), "damaged");
    expect(await worker.stage("promote")).toMatchObject({
      ok: false,
      error: { code: "INCOMPLETE_REVISION" },
    });
    await worker.close();
    expect(await verdicts()).toEqual({});
  });
});

describe("retention", () => {
  it("keeps good revisions apart from failed ones, and only the newest of those", async () => {
    const info = { cache_revs: 2 };
    const good = [source.commit({ a: "1" }), source.commit({ a: "2" }), source.commit({ a: "3" })];
    for (const commit of good) await finish(commit, info);
    const bad = ["4", "5", "6"].map((text) => source.commit({ a: text }));
    for (const commit of bad) await fail(commit);
    const last = source.commit({ a: "7" });
    await finish(last, info);
    const isKept = [...good, ...bad, last].map((commit) => existsSync(revision(commit)));
    expect(isKept).toEqual([false, false, true, false, false, true, true]);
  });

  it("remembers verdicts on revisions that were removed", async () => {
    await finish(source.commit({ a: "1" }));
    const bad = source.commit({ a: "2" });
    await fail(bad);
    await finish(source.commit({ a: "3" }), { cache_revs: 0 });
    expect(existsSync(revision(bad))).toBe(false);
    expect(await verdicts()).toMatchObject({ [bad]: { verdict: "bad" } });
  });
});

describe("a promotion that ended before its services and checks", () => {
  it("does them when the revision is promoted again, although it is live", async () => {
    const commit = source.commit({ a: "1" });
    await start(commit, { ...FAILING, service_name: "web" });
    await worker.stage("fetch");
    expect(await worker.stage("promote")).toMatchObject({ ok: false });
    await worker.close();
    expect(calls).toEqual([]);

    await start(commit);
    expect(await worker.stage("promote")).toMatchObject({ ok: true, result: { noop: false } });
    expect(calls).toEqual(["restart web"]);
    const again = { ok: true, result: { noop: true, isUnfinished: true } };
    expect(await worker.stage("promote")).toMatchObject(again);
    expect(calls).toEqual(["restart web"]);
    await worker.close();
    expect(readFileSync(join(realpathSync(target.final), "a"), "utf8")).toBe("1");
  });
});
