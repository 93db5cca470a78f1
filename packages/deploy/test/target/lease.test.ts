import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@scap/log";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { runPromoteGuard } from "../../src/target/guards/promote-guard.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import {
  createSampleTarget,
  deployInfo,
  recordingServices,
  WorkerHandle,
  type SampleTarget,
} from "./sample-target.ts";

const LEASE = { leaseMs: 60_000 };

let target: SampleTarget;
let source: SampleRepository;
let calls: string[];
let good: string;
let next: string;
beforeEach(async () => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
  calls = [];
  good = source.commit({ a: "1" });
  const worker = await start(good, "run-1");
  for (const stage of ["fetch", "promote", "finalize"] as const) await worker.stage(stage);
  await worker.close();
  next = source.commit({ a: "2" });
  calls = [];
});
afterEach(() => target.remove());

async function start(commit: string, run: string): Promise<WorkerHandle> {
  const worker = new WorkerHandle({ services: recordingServices(calls) });
  const hello = await worker.hello(target, run);
  await worker.publish(deployInfo(commit, { service_name: "web" }));
  if (!hello.completeRevisions.includes(commit)) await worker.sendRevision(source.directory, commit, hello);
  return worker;
}

async function promoteNext(run = "run-2"): Promise<WorkerHandle> {
  const worker = await start(next, run);
  expect(await worker.stage("fetch")).toMatchObject({ ok: true });
  expect(await worker.stage("promote", LEASE)).toMatchObject({ ok: true });
  return worker;
}

function live(): string {
  return readlinkSync(target.final).slice("web-cache/revs/".length);
}

function leaseFile(): string {
  return join(target.root, ".scap/lease");
}

/** Lets the lease's time be over. */
function endLease(): { token: string } {
  const lease = JSON.parse(readFileSync(leaseFile(), "utf8")) as { token: string };
  writeFileSync(leaseFile(), JSON.stringify({ ...lease, deadline: 1 }));
  return lease;
}

async function guard(token: string): Promise<void> {
  await runPromoteGuard({
    ...{ repo: "acme/web", gitDeployDir: target.gitDeployDir, token },
    logger: createLogger({ name: "guard", sinks: [] }),
    services: recordingServices(calls),
    render: async (file) => file.template,
    secondarySignalFile: async () => "/nonexistent",
    ownOptions: async () => ({}),
  });
}

describe("a promoted revision with a lease", () => {
  it("stays once it was confirmed", async () => {
    const worker = await promoteNext();
    expect(await worker.ask({ op: "confirm", commit: next })).toMatchObject({ ok: true });
    await worker.close();
    expect(existsSync(leaseFile())).toBe(false);
    expect(live()).toBe(next);
  });

  it("stays once it was finalized", async () => {
    const worker = await promoteNext();
    expect(await worker.stage("finalize")).toMatchObject({ ok: true });
    await worker.close();
    expect(existsSync(leaseFile())).toBe(false);
  });

  it("is taken back with its services when the time is over and the worker has gone", async () => {
    await (await promoteNext()).close();
    const { token } = endLease();
    calls = [];
    await guard(token);
    expect(live()).toBe(good);
    expect(calls).toEqual(["restart web"]);
    expect(existsSync(leaseFile())).toBe(false);
  });

  it("is not taken back before its time, after its confirmation, or by the guard of another lease", async () => {
    const worker = await promoteNext();
    const { token } = JSON.parse(readFileSync(leaseFile(), "utf8")) as { token: string };
    await guard(token);
    expect(live()).toBe(next);
    endLease();
    await guard("of another");
    expect(live()).toBe(next);
    await worker.ask({ op: "confirm", commit: next });
    await guard(token);
    expect(live()).toBe(next);
    await worker.close();
  });

  it("has its whole time again when the deploy server renews it", async () => {
    const worker = await promoteNext();
    const deadline = (): number =>
      (JSON.parse(readFileSync(leaseFile(), "utf8")) as { deadline: number }).deadline;
    const before = deadline();
    endLease();
    await worker.ask({ op: "renew" });
    expect(deadline()).toBeGreaterThanOrEqual(before);
    await worker.close();
  });

  it("is taken back by the next worker when nobody else did", async () => {
    await (await promoteNext()).close();
    endLease();
    const worker = await start(next, "run-3");
    expect(live()).toBe(good);
    await worker.close();
  });

  it("goes on under the lease of a run that takes over, whose guard alone counts", async () => {
    await (await promoteNext()).close();
    const first = JSON.parse(readFileSync(leaseFile(), "utf8")) as { token: string };
    const worker = await start(next, "run-3");
    const again = { ok: true, result: { noop: true, isUnfinished: true } };
    expect(await worker.stage("promote", LEASE)).toMatchObject(again);
    const lease = JSON.parse(readFileSync(leaseFile(), "utf8")) as { token: string; run: string };
    expect(lease.run).toBe("run-3");
    expect(lease.token).not.toBe(first.token);
    await worker.close();
  });

  it("cannot be confirmed once the host went back, and rolling back has nothing to do", async () => {
    await (await promoteNext()).close();
    await guard(endLease().token);
    const worker = await start(next, "run-2");
    expect(await worker.ask({ op: "confirm", commit: next })).toMatchObject({
      ok: false,
      error: { code: "LEASE_ENDED" },
    });
    expect(await worker.stage("rollback")).toMatchObject({ ok: true, result: { noop: true } });
    await worker.close();
  });

  it("is unknown, not bad, when only nobody confirmed it", async () => {
    await (await promoteNext()).close();
    await guard(endLease().token);
    const worker = new WorkerHandle();
    const { verdicts } = await worker.hello(target, "", false);
    expect(verdicts[next]).toMatchObject({ verdict: "unknown", reason: expect.stringContaining("60 s") });
    await worker.close();
  });
});
