/** The host's clock is set while deployments go on. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

const DAY_MS = 24 * 3_600_000;
let target: SampleTarget;
let source: SampleRepository;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
});
afterEach(() => {
  vi.useRealTimers();
  target.remove();
});

function setClock(byMs: number): void {
  vi.setSystemTime(Date.now() + byMs);
}

async function deploy(text: string): Promise<string> {
  const commit = source.commit({ a: text });
  const worker = new WorkerHandle();
  const hello = await worker.hello(target);
  await worker.publish(deployInfo(commit));
  await worker.sendRevision(source.directory, commit, hello);
  for (const stage of ["fetch", "promote", "finalize"] as const)
    expect(await worker.stage(stage)).toMatchObject({ ok: true });
  await worker.close();
  return commit;
}

it("does not change in which order revisions went live, so that the one before is the one to go back to", async () => {
  const first = await deploy("one");
  setClock(2 * DAY_MS);
  const second = await deploy("two");
  setClock(-3 * DAY_MS);
  const third = await deploy("three");
  const fourth = await deploy("four");
  const worker = new WorkerHandle();
  const { promotedAtMs } = await worker.hello(target);
  await worker.close();
  const inOrder = Object.entries(promotedAtMs).toSorted(([, a], [, b]) => a - b);
  expect(inOrder.map(([commit]) => commit)).toEqual([first, second, third, fourth]);
});

it.each([-DAY_MS, 3_600_000, DAY_MS])(
  "does not let an older run in when it is set by %i ms",
  async (byMs) => {
    const newer = new WorkerHandle();
    await newer.hello(target, "run-2");
    await newer.close();
    setClock(byMs);
    const older = new WorkerHandle();
    await expect(older.hello(target, "run-1")).rejects.toThrow("FENCED");
    await older.close();
  },
);
