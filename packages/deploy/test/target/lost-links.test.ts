import { mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

const FINALIZED = ["fetch", "promote", "finalize"] as const;

let target: SampleTarget;
let source: SampleRepository;
let [first, second, third] = ["", "", ""];

beforeEach(async () => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
  [first, second, third] = [1, 2, 3].map((version) => source.commit({ a: `${version}` })) as [
    string,
    string,
    string,
  ];
  for (const [at, commit] of [first, second].entries()) await deploy(commit, `run-${at}`, FINALIZED);
});
afterEach(() => target.remove());

async function start(commit: string, run: string): Promise<WorkerHandle> {
  const worker = new WorkerHandle();
  const hello = await worker.hello(target, run);
  await worker.publish(deployInfo(commit));
  if (!hello.completeRevisions.includes(commit)) await worker.sendRevision(source.directory, commit, hello);
  return worker;
}

async function deploy(
  commit: string,
  run: string,
  stages: readonly ("fetch" | "promote" | "finalize")[],
): Promise<void> {
  const worker = await start(commit, run);
  for (const stage of stages) expect(await worker.stage(stage)).toMatchObject({ ok: true });
  await worker.close();
}

const revisionAt = (link: string): string => basename(readlinkSync(link));
const doneLink = (): string => join(target.root, ".done");

describe("a host that has lost the link .done", () => {
  it.each([
    ["is gone", undefined],
    ["leads to itself", ".done"],
    ["leads to another link, and that to it", "current"],
    ["leads out of the repository", "/"],
    ["leads to nowhere that is a revision", "revs/latest"],
  ])("which %s, goes back to what was live when the next deployment fails", async (_how, text) => {
    rmSync(doneLink());
    if (text !== undefined) symlinkSync(text, doneLink());
    if (text === "current") {
      rmSync(join(target.root, "current"));
      symlinkSync(".done", join(target.root, "current"));
    }
    const worker = await start(third, "run-3");
    for (const stage of ["fetch", "promote", "rollback"] as const)
      expect(await worker.stage(stage)).toMatchObject({ ok: true });
    await worker.close();
    expect(revisionAt(target.final)).toBe(second);
    expect(revisionAt(doneLink())).toBe(second);
  });

  it("in the middle of a deployment goes back to the good revision before", async () => {
    await deploy(third, "run-3", ["fetch", "promote"]);
    rmSync(doneLink());
    const worker = await start(third, "run-3");
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    await worker.close();
    expect(revisionAt(target.final)).toBe(second);
  });

  it("learns nothing from a revision that is marked as bad", async () => {
    const worker = await start(third, "run-3");
    for (const stage of ["fetch", "promote"] as const) await worker.stage(stage);
    await worker.stage("rollback", { leaving: { verdict: "bad", reason: "it fails" } });
    await worker.close();
    rmSync(doneLink());
    rmSync(join(target.root, "current"));
    symlinkSync(`revs/${third}`, join(target.root, "current"));
    await (await start(third, "run-4")).close();
    expect(revisionAt(doneLink())).toBe(second);
  });

  it("during its first deployment never had one", async () => {
    target.remove();
    target = createSampleTarget();
    source = createSampleRepository(join(target.directory, "source"));
    first = source.commit({ a: "1" });
    await deploy(first, "run-1", ["fetch", "promote"]);
    rmSync(join(target.root, ".in-progress"));
    const worker = await start(first, "run-1");
    expect(() => readlinkSync(doneLink())).toThrow("ENOENT");
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    await worker.close();
    expect(() => readlinkSync(target.final)).toThrow("ENOENT");
  });
});

it("a host without any revision loses a link .done that names none", async () => {
  target.remove();
  target = createSampleTarget();
  mkdirSync(target.root, { recursive: true });
  symlinkSync("/", doneLink());
  source = createSampleRepository(join(target.directory, "source"));
  first = source.commit({ a: "1" });
  const worker = await start(first, "run-1");
  for (const stage of ["fetch", "promote", "rollback"] as const)
    expect(await worker.stage(stage)).toMatchObject({ ok: true });
  await worker.close();
  expect(worker.records.map(({ args }) => args)).toContainEqual([
    "The link .done led to /, which is no revision",
  ]);
  expect(() => readlinkSync(target.final)).toThrow("ENOENT");
});

it("a directory at the place of a link is named, and nothing is switched", async () => {
  rmSync(join(target.root, "current"));
  mkdirSync(join(target.root, "current"));
  const worker = await start(third, "run-3");
  expect(await worker.stage("fetch")).toMatchObject({ ok: true });
  expect(await worker.stage("promote")).toMatchObject({
    error: { code: "IN_THE_WAY", message: `a directory is in the way: ${join(target.root, "current")}` },
  });
  await worker.close();
  expect(revisionAt(target.final)).toBe(second);
});

it("a host whose finalized revision is gone keeps what is live when a deployment fails", async () => {
  rmSync(doneLink());
  symlinkSync(`revs/${"d".repeat(40)}`, doneLink());
  const worker = await start(third, "run-3");
  for (const stage of ["fetch", "promote"] as const)
    expect(await worker.stage(stage)).toMatchObject({ ok: true });
  expect(await worker.stage("rollback")).toMatchObject({
    error: { code: "NOTHING_TO_ROLL_BACK", message: expect.stringContaining("d".repeat(40)) },
  });
  await worker.close();
  expect(revisionAt(target.final)).toBe(third);
});
