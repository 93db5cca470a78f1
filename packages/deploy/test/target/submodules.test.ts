import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPackStore, openRepository } from "@scap/git";

import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
beforeEach(() => {
  target = createSampleTarget();
  const inner = createSampleRepository(join(target.directory, "up/inner"));
  inner.commit({ "inner.txt": "inner\n" });
  const lib = createSampleRepository(join(target.directory, "up/lib"));
  lib.commit({ "lib.txt": "lib\n" });
  lib.git("submodule", "--quiet", "add", "../inner", "deep/inner");
  lib.commit({});
  source = createSampleRepository(join(target.directory, "up/source"));
  source.git("submodule", "--quiet", "add", "--name", "oname", "../lib", "vendor/other");
  source.git("submodule", "--quiet", "update", "--init", "--recursive");
});
afterEach(() => target.remove());

/** What a deploy server does: one pack for the repository and one for each submodule. */
async function sendAll(worker: WorkerHandle, commit: string, run: string): Promise<void> {
  const hello = await worker.hello(target, run);
  await worker.publish(deployInfo(commit, { git_submodules: true, original_origin: source.directory }));
  await worker.sendRevision(source.directory, commit, hello);
  const repository = await openRepository(source.directory);
  const store = await createPackStore(repository);
  for (const { commit: recorded, modulePath } of await repository.submodules(commit)) {
    const gitDirectory = join(repository.commonDirectory, modulePath);
    const bases = hello.submoduleBases[modulePath] ?? [];
    const pack = await store.pack({ commit: recorded, bases, gitDirectory });
    const { indexBytes, payloadBytes, sha256 } = pack;
    const request = {
      op: "pack",
      commit: recorded,
      bases: pack.bases,
      indexBytes,
      payloadBytes,
      sha256,
    } as const;
    if (!pack.isEmpty) await worker.must({ ...request, refs: {}, submodule: modulePath }, pack.open());
  }
  await store.dispose();
}

const git = (directory: string, ...args: string[]): string =>
  execFileSync("git", args, { cwd: directory, encoding: "utf8" }).trim();

describe("submodules", () => {
  it("come with the revision, nested ones too, and git finds everything clean", async () => {
    const commit = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    await sendAll(worker, commit, "run-1");
    for (const stage of ["fetch", "promote", "finalize"] as const) {
      expect(await worker.stage(stage)).toMatchObject({ ok: true });
    }
    expect(readFileSync(join(target.final, "vendor/other/lib.txt"), "utf8")).toBe("lib\n");
    expect(readFileSync(join(target.final, "vendor/other/deep/inner/inner.txt"), "utf8")).toBe("inner\n");
    expect(git(target.final, "status", "--porcelain", "--ignore-submodules=none")).toBe("");
    expect(git(target.final, "submodule", "status", "--recursive")).not.toMatch(/^[-+U]/m);
    await worker.close();
  });

  it("have an index that is newer than their files once they are finalized, so that git need not read them", async () => {
    const commit = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    await sendAll(worker, commit, "run-1");
    for (const stage of ["fetch", "promote"] as const) await worker.stage(stage);
    const moduleGit = join(target.final, ".git/modules/oname");
    const places = [
      [join(moduleGit, "index"), join(target.final, "vendor/other/lib.txt")],
      [join(moduleGit, "modules/deep/inner/index"), join(target.final, "vendor/other/deep/inner/inner.txt")],
    ] as const;
    // As if all of it had happened within one second, some time ago.
    const checkedOut = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
    for (const path of places.flat()) utimesSync(path, checkedOut, checkedOut);
    expect(await worker.stage("finalize")).toMatchObject({ ok: true });
    await worker.close();
    for (const [index, file] of places) {
      expect(statSync(index).mtimeMs).toBeGreaterThan(statSync(file).mtimeMs);
    }
  });

  it("that changed are packed over what the host has (deploy W44) (git W21)", async () => {
    const first = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    await sendAll(worker, first, "run-1");
    for (const stage of ["fetch", "promote", "finalize"] as const) await worker.stage(stage);
    await worker.close();

    const lib = join(source.directory, "vendor/other");
    writeFileSync(join(lib, "lib.txt"), "new lib\n");
    const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    git(lib, ...identity, "commit", "--quiet", "--all", "-m", "new");
    const second = source.commit({ a: "two" });
    const again = new WorkerHandle();
    await sendAll(again, second, "run-2");
    for (const stage of ["fetch", "promote"] as const)
      expect(await again.stage(stage)).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "vendor/other/lib.txt"), "utf8")).toBe("new lib\n");
    expect(await again.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "vendor/other/lib.txt"), "utf8")).toBe("lib\n");
    await again.close();
  });

  it("whose objects did not come fail the stage, and nothing is left in revs", async () => {
    const commit = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    const hello = await worker.hello(target, "run-1");
    await worker.publish(deployInfo(commit, { git_submodules: true }));
    await worker.sendRevision(source.directory, commit, hello);
    expect(await worker.stage("fetch")).toMatchObject({ ok: false, error: { code: "OBJECTS_MISSING" } });
    expect(existsSync(join(target.root, "revs", commit))).toBe(false);
    await worker.close();
  });
});

describe("a damaged cache", () => {
  it("heals: the next greeting offers no base, so everything is sent again", async () => {
    const first = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    await worker.sendRevision(source.directory, first, await greet(worker, first, "run-1"));
    for (const stage of ["fetch", "promote", "finalize"] as const) await worker.stage(stage);
    await worker.close();

    rmSync(join(target.root, "cache/.git/objects"), { recursive: true });
    execFileSync("mkdir", ["-p", join(target.root, "cache/.git/objects/pack")]);
    const second = source.commit({ b: "two" });
    const broken = new WorkerHandle();
    await broken.sendRevision(source.directory, second, await greet(broken, second, "run-2"));
    expect(await broken.stage("fetch")).toMatchObject({ ok: false, error: { code: "OBJECTS_MISSING" } });
    await broken.close();

    const healed = new WorkerHandle();
    const hello = await greet(healed, second, "run-3");
    expect(hello.bases).toEqual([]);
    await healed.sendRevision(source.directory, second, hello);
    expect(await healed.stage("fetch")).toMatchObject({ ok: true });
    await healed.close();
  });

  async function greet(worker: WorkerHandle, commit: string, run: string) {
    const hello = await worker.hello(target, run);
    await worker.publish(deployInfo(commit));
    return hello;
  }
});
