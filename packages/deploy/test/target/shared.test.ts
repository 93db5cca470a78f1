import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { WorkerReply } from "../../src/protocol.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
let run = 0;
beforeEach(() => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
});
afterEach(() => target.remove());

async function deploy(commit: string, shared: string): Promise<WorkerReply> {
  const worker = new WorkerHandle();
  const hello = await worker.hello(target, `run-${++run}`);
  await worker.publish(deployInfo(commit, { shared }));
  await worker.sendRevision(source.directory, commit, hello);
  const fetched = await worker.stage("fetch");
  if (fetched.ok) for (const stage of ["promote", "finalize"] as const) await worker.stage(stage);
  await worker.close();
  return fetched;
}

describe("shared directories", () => {
  it("keep their files over revisions, and are no edits of the tree", async () => {
    expect(await deploy(source.commit({ a: "1" }), "cache, var/uploads")).toMatchObject({ ok: true });
    writeFileSync(join(target.final, "var/uploads/photo"), "bits");
    expect(await deploy(source.commit({ a: "2" }), "cache, var/uploads")).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "var/uploads/photo"), "utf8")).toBe("bits");
    expect(readlinkSync(join(target.final, "var/uploads"))).toBe("../../../shared/var/uploads");
    expect(readFileSync(join(target.final, ".git/info/exclude"), "utf8")).toContain("/var/uploads\n");
    expect(existsSync(join(target.root, "shared/cache"))).toBe(true);
  });

  it("come to a revision that is there already", async () => {
    const commit = source.commit({ a: "1" });
    await deploy(commit, "");
    await deploy(commit, "cache");
    expect(readlinkSync(join(target.final, "cache"))).toBe("../../shared/cache");
  });

  it("never hide files that are in their place", async () => {
    const commit = source.commit({ a: "1" });
    await deploy(commit, "");
    mkdirSync(join(target.final, "cache"));
    writeFileSync(join(target.final, "cache/precious"), "x");
    expect(await deploy(commit, "cache")).toMatchObject({ ok: false, error: { code: "SHARED_TAKEN" } });
    expect(readFileSync(join(target.final, "cache/precious"), "utf8")).toBe("x");
  });

  it.each(["a file", "a link that leads nowhere"])("are told from %s beside the revisions", async (kind) => {
    mkdirSync(join(target.root, "shared"), { recursive: true });
    const home = join(target.root, "shared/cache");
    if (kind === "a file") writeFileSync(home, "");
    else symlinkSync("nowhere/else", home);
    expect(await deploy(source.commit({ a: "1" }), "cache")).toMatchObject({
      ok: false,
      error: {
        code: "SHARED_TAKEN",
        message: `Shared directory cache cannot be made: ${home} is no directory`,
      },
    });
  });

  it.each(["../x", ".git/hooks", "/etc", "a/../../b", "var, var/uploads"])("refuse %s", async (shared) => {
    expect(await deploy(source.commit({ a: "1" }), shared)).toMatchObject({ ok: false });
    expect(existsSync(join(target.root, "shared"))).toBe(false);
  });
});
