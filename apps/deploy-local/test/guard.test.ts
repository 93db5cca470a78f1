import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { must, stage, WorkerHost } from "./worker-host.ts";
import type { WorkerProcess } from "./worker-process.ts";

let host: WorkerHost;
let commits: string[];
beforeEach(() => {
  host = new WorkerHost();
  commits = ["one", "two"].map((text) => host.commit("a", text));
});
afterEach(async () => host.remove());

async function promote(commit: string, run: string, leaseMs?: number): Promise<WorkerProcess> {
  const worker = await host.open({ run, commit });
  await host.send(worker, commit);
  for (const name of ["fetch", "promote"])
    await must(worker, stage(name, leaseMs === undefined ? {} : { leaseMs }));
  if (leaseMs === undefined) await must(worker, stage("finalize"));
  return worker;
}

const live = (): string => host.live;
const guards = (): string[] => host.guards();
const lease = (): string => join(host.root, ".scap/lease");

describe("the guard of a promoted revision", () => {
  it("takes the host back when the worker was killed and nobody came", async () => {
    const [first = "", second = ""] = commits;
    await (await promote(first, "1")).close();
    const worker = await promote(second, "2", 1_000);
    expect(live()).toBe(second);
    worker.child.kill("SIGKILL");
    await expect.poll(live, { timeout: 20_000 }).toBe(first);
    await expect.poll(guards, { timeout: 20_000 }).toEqual([]);
    expect(readFileSync(join(host.root, ".scap/guard.log"), "utf8")).toContain("went back by itself");
  });

  it("ends a worker that hangs, and takes the host back", async () => {
    const [first = "", second = ""] = commits;
    await (await promote(first, "1")).close();
    const worker = await promote(second, "2", 1_000);
    worker.child.kill("SIGSTOP");
    await expect.poll(live, { timeout: 20_000 }).toBe(first);
    await worker.exited;
  });

  it("takes a first deployment away again", async () => {
    const worker = await promote(commits[0] ?? "", "1", 1_000);
    worker.child.kill("SIGKILL");
    await expect.poll(() => existsSync(host.final), { timeout: 20_000 }).toBe(false);
  });

  it("ends soon after the revision was confirmed", async () => {
    const [first = ""] = commits;
    const worker = await promote(first, "1", 60_000);
    expect(guards()).toHaveLength(1);
    expect(await worker.ask({ op: "confirm", commit: first })).toMatchObject({ ok: true });
    await expect.poll(guards, { timeout: 20_000 }).toEqual([]);
    await worker.close();
    expect(existsSync(lease())).toBe(false);
    expect(live()).toBe(first);
  });
});
