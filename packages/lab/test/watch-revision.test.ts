import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type Lab, type LabHost, type RevisionWatch, startEmbeddedLab, watchRevision } from "../src/index.ts";

let lab: Lab;
let host: LabHost;
beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: 1 });
  host = lab.host("web1");
});
afterAll(() => lab.close());

let watch: RevisionWatch;
let reader: number;
beforeEach(async () => {
  await sh("for r in one two; do mkdir -p $r; echo $r >$r/a; echo $r >$r/b; done; ln -sfn one app");
  watch = await watchRevision(host, { link: `${host.deployDir}/app`, files: ["a", "b"] });
  reader = (await host.processes())[0]?.pid ?? 0;
  await hasEntered("one");
});
afterEach(async () => expect(await host.processes()).toEqual([]));

it("sees every revision and no gap when a link is renamed into place", async () => {
  for (const revision of ["two", "one"]) {
    await sh(`ln -s ${revision} new; mv -T new app`);
    await hasEntered(revision);
  }
  const result = await watch.stop();
  expect(result).toMatchObject({ seen: ["one", "two", "one"], violations: [] });
  expect(result.reads).toBeGreaterThanOrEqual(3);
});

it("notices a moment without a revision, and tells the first hundred", async () => {
  await sh("rm app");
  await hasComplained();
  const { violations } = await watch.stop();
  expect(new Set(violations)).toEqual(new Set(["no revision: No such file or directory"]));
  expect(violations.length).toBeLessThanOrEqual(100);
});

it("notices a mixture of two revisions", async () => {
  await sh("echo two >new; mv new one/b");
  await hasComplained();
  const { seen, violations } = await watch.stop();
  expect(seen).toEqual(["one"]);
  expect(new Set(violations)).toEqual(new Set(["b is of another revision"]));
});

/** What it has entered it reads to the end, whatever becomes of the link. */
async function hasEntered(revision: string): Promise<void> {
  await expect.poll(() => basename(readlinkSync(`/proc/${reader}/cwd`)), { timeout: 30_000 }).toBe(revision);
}

/** Each of its lines is one write; a few are not complaints. */
async function hasComplained(): Promise<void> {
  const lines = (): number => Number(/syscw: (\d+)/.exec(readFileSync(`/proc/${reader}/io`, "utf8"))?.[1]);
  await expect.poll(lines, { timeout: 30_000 }).toBeGreaterThan(50);
}

async function sh(script: string): Promise<void> {
  const result = await host.exec(["sh", "-ec", `cd "$1"; ${script}`, "sh", host.deployDir]);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
}
