import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatMessage, LEVELS } from "@scap/log";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { serialiseDeployInfo } from "../../src/serialise-deploy-info.ts";
import { createSampleRepository, type SampleRepository } from "./sample-repository.ts";
import { createSampleTarget, deployInfo, WorkerHandle, type SampleTarget } from "./sample-target.ts";

let target: SampleTarget;
let source: SampleRepository;
beforeEach(() => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
});
afterEach(() => target.remove());

function canMount(): boolean {
  if (process.geteuid?.() !== 0) return false;
  try {
    const script = "mount -t tmpfs -o size=1m none /mnt";
    execFileSync("unshare", ["--mount", "sh", "-c", script], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const mountable = canMount();
if (!mountable && process.env["CI"] !== undefined)
  throw new Error("CI must run the tests that mount file systems");

/** A worker whose deploy directory is a small file system. */
async function onSmallDisk(sizeKb: number, work: () => Promise<void>): Promise<void> {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeKb}k`, "scap-test", target.gitDeployDir]);
  try {
    await work();
  } finally {
    execFileSync("umount", ["--lazy", target.gitDeployDir]);
  }
}

function warningsOf({ records }: WorkerHandle): string[] {
  return records.filter(({ levelno }) => levelno >= LEVELS.WARNING).map(formatMessage);
}

/** Makes a directory one that cannot be removed. */
function mountInside(directory: string): void {
  mkdirSync(join(directory, "busy"));
  execFileSync("mount", ["-t", "tmpfs", "scap-test", join(directory, "busy")]);
}

function unmountInside(directory: string): void {
  execFileSync("umount", ["--lazy", join(directory, "busy")]);
}

describe.skipIf(!mountable)(
  `on a disk that refuses${mountable ? "" : " (NOT RUN: needs root and mount)"}`,
  () => {
    it("says that it is full, keeps the live revision and leaves nothing half-written", async () => {
      await onSmallDisk(1_500, async () => {
        const first = source.commit({ a: "one" });
        const worker = new WorkerHandle();
        const hello = await worker.hello(target, "run-1");
        await worker.publish(deployInfo(first));
        await worker.sendRevision(source.directory, first, hello);
        for (const stage of ["fetch", "promote", "finalize"] as const) await worker.stage(stage);

        const second = source.commit({ big: randomBytes(3_000_000).toString("base64") });
        await worker.publish(deployInfo(second));
        await expect(worker.sendRevision(source.directory, second, hello)).rejects.toThrow(
          /DISK_FULL.*disk is full/,
        );
        expect(await worker.stage("fetch")).toMatchObject({
          ok: false,
          error: { code: "DISK_FULL", exitCode: 1 },
        });
        expect(readFileSync(join(target.final, "a"), "utf8")).toBe("one");
        expect(readdirSync(join(target.root, "revs"))).toEqual([first]);
        const packs = readdirSync(join(target.root, "cache/.git/objects/pack"));
        expect(packs.filter((name) => name.startsWith("tmp_"))).toEqual([]);
        await worker.close();
      });
    });

    it("says that the checkout does not fit", async () => {
      await onSmallDisk(1_000, async () => {
        const commit = source.commit({ zeros: "0".repeat(3_000_000) });
        const worker = new WorkerHandle();
        const hello = await worker.hello(target, "run-1");
        await worker.publish(deployInfo(commit));
        await worker.sendRevision(source.directory, commit, hello);
        expect(await worker.stage("fetch")).toMatchObject({ ok: false, error: { code: "DISK_FULL" } });
        expect(readdirSync(join(target.root, "revs"))).toEqual([]);
        await worker.close();
      });
    });

    it("finalizes and works again although an old revision cannot be removed: that is a warning (deploy W34)", async () => {
      const worker = new WorkerHandle();
      const hello = await worker.hello(target, "run-1");
      const commits = ["one", "two", "three"].map((a) => source.commit({ a }));
      for (const commit of commits) {
        await worker.publish(deployInfo(commit, { cache_revs: 1 }));
        await worker.sendRevision(source.directory, commit, hello);
        for (const stage of ["fetch", "promote"] as const) await worker.stage(stage);
        if (commit === commits[0]) mountInside(join(target.root, "revs", commit));
        expect(await worker.stage("finalize")).toMatchObject({ ok: true });
      }
      await worker.close();
      const next = new WorkerHandle();
      await next.hello(target, "run-2");
      await next.close();
      unmountInside(join(target.root, "revs", `.old-${commits[0]}`));
      expect([...warningsOf(worker), ...warningsOf(next)]).toEqual([
        expect.stringMatching(/^Could not remove old revision .*: EBUSY/),
        expect.stringMatching(/^Could not remove .*\.old-.*: EBUSY/),
      ]);
      const kept = readdirSync(join(target.root, "revs")).filter((name) => !name.startsWith("."));
      expect(kept).toEqual(commits.slice(2));
    });

    it("says that it is read-only", async () => {
      await onSmallDisk(1_000, async () => {
        execFileSync("mount", ["-o", "remount,ro", target.gitDeployDir]);
        const worker = new WorkerHandle();
        const reply = await worker.ask({
          ...{ op: "hello", protocol: 1, run: "run-1", writer: true },
          ...{ repo: "acme/web", gitDeployDir: target.gitDeployDir },
        });
        expect(reply).toMatchObject({ ok: false, error: { code: "READ_ONLY", exitCode: 1 } });
        await worker.close();
      });
    });
  },
);

describe("a git that is too old", () => {
  it("fails fetch with a sentence, and not with what it does not understand", async () => {
    const commit = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    const hello = await worker.hello(target);
    await worker.publish(deployInfo(commit));
    await worker.sendRevision(source.directory, commit, hello);
    const path = process.env["PATH"];
    writeFileSync(join(target.directory, "git"), "#!/bin/sh\necho git version 2.20.1\n", { mode: 0o755 });
    process.env["PATH"] = target.directory;
    const reply = await worker.stage("fetch").finally(() => void (process.env["PATH"] = path));
    expect(reply).toMatchObject({
      ok: false,
      error: {
        ...{ code: "GIT_TOO_OLD", exitCode: 1 },
        message: "git 2.20.1 is too old: 2.30 or newer is needed",
      },
    });
    await worker.close();
  });
});

describe("what comes from the deploy server", () => {
  it("is refused when it was damaged on its way (deploy W37)", async () => {
    const worker = new WorkerHandle();
    await worker.hello(target, "run-1");
    const text = serialiseDeployInfo(deployInfo("a".repeat(40)));
    const sha256 = createHash("sha256").update(text).digest("hex");
    const damaged = text.replace("deployer", "deplover");
    const publish = { op: "publish", deployInfo: damaged, sha256, dryRun: false } as const;
    expect(await worker.ask(publish)).toMatchObject({
      ok: false,
      error: { code: "DEPLOY_INFO", message: "The deploy info was damaged on its way" },
    });
    expect(existsSync(join(target.root, ".config"))).toBe(false);
    await worker.close();
  });

  const packOf = (commit: string, given: { refs?: Record<string, string>; submodule?: string }) =>
    ({ op: "pack", payloadBytes: 0, sha256: "", commit, bases: [], refs: {}, ...given }) as const;

  it.each(["../../evil", "modules/../../../evil", "/abs", "x"])(
    "cannot put a submodule at %j",
    async (submodule) => {
      const pack = packOf(source.commit({ a: "one" }), { submodule });
      const worker = new WorkerHandle();
      await worker.hello(target, "run-1");
      expect(await worker.ask(pack)).toMatchObject({ ok: false, error: { code: "PROTOCOL" } });
      await worker.close();
    },
  );

  it.each(["HEAD", "refs/../../x", "config", "refs/heads/a b"])(
    "cannot set the reference %j",
    async (name) => {
      const commit = source.commit({ a: "one" });
      const pack = packOf(commit, { refs: { [name]: commit } });
      const worker = new WorkerHandle();
      await worker.hello(target, "run-1");
      expect(await worker.ask(pack)).toMatchObject({ ok: false, error: { code: "INVALID_ARGUMENT" } });
      await worker.close();
    },
  );

  it("is answered after a payload that was refused: the next request is found behind it", async () => {
    const commit = source.commit({ a: "one" });
    const worker = new WorkerHandle();
    await worker.hello(target, "run-1");
    const junk = Buffer.alloc(300_000, "{");
    const pack = {
      op: "pack",
      payloadBytes: junk.length,
      indexBytes: 1_000,
      sha256: "0".repeat(64),
    } as const;
    const reply = await worker.ask(
      { ...pack, commit, bases: [], refs: {} },
      (async function* () {
        yield junk;
      })(),
    );
    expect(reply).toMatchObject({ ok: false, error: { code: "PACK_DAMAGED" } });
    expect(await worker.ask({ op: "status" })).toMatchObject({ ok: true });
    await worker.close();
  });

  it("may have names with SHA-256", async () => {
    const modern = createSampleRepository(join(target.directory, "modern"), ["--object-format=sha256"]);
    const commit = modern.commit({ a: "one" });
    const worker = new WorkerHandle();
    const hello = await worker.hello(target, "run-1");
    await worker.publish(deployInfo(commit));
    await worker.sendRevision(modern.directory, commit, hello);
    for (const stage of ["fetch", "promote", "finalize"] as const) {
      expect(await worker.stage(stage)).toMatchObject({ ok: true });
    }
    const status = execFileSync("git", ["status", "--porcelain"], { cwd: target.final, encoding: "utf8" });
    expect(status).toBe("");
    await worker.close();
  });
});

describe("looking at a host", () => {
  it("changes nothing, and stages are refused", async () => {
    mkdirSync(join(target.gitDeployDir, "acme"));
    const worker = new WorkerHandle();
    expect(await worker.hello(target, "run-1", false)).toMatchObject({ current: null, bases: [] });
    await worker.publish(deployInfo("a".repeat(40)), true);
    expect(await worker.stage("promote")).toMatchObject({ ok: false, error: { code: "PROTOCOL" } });
    expect(readdirSync(join(target.gitDeployDir, "acme"))).toEqual([]);
    await worker.close();
  });
});

it("removes what a killed worker had begun to write, when the next one comes", async () => {
  const first = source.commit({ a: "one" });
  const worker = new WorkerHandle();
  const hello = await worker.hello(target, "run-1");
  await worker.publish(deployInfo(first));
  await worker.sendRevision(source.directory, first, hello);
  await worker.close();
  const left = [
    "cache/.git/objects/pack/tmp_scap_0123.pack",
    ".config.4711.scap-new",
    ".scap/.fence.4711.scap-new",
  ];
  for (const name of left) writeFileSync(join(target.root, name), "half");
  const next = new WorkerHandle();
  await next.hello(target, "run-2");
  await next.close();
  expect(left.filter((name) => existsSync(join(target.root, name)))).toEqual([]);
});

it("is not kept from deploying by locks that a killed git left in the cache (git W14)", async () => {
  const first = source.commit({ a: "one" });
  const worker = new WorkerHandle();
  const hello = await worker.hello(target, "run-1");
  await worker.publish(deployInfo(first));
  await worker.sendRevision(source.directory, first, hello);
  expect(await worker.stage("fetch")).toMatchObject({ ok: true });
  await worker.close();
  const git = join(target.root, "cache/.git");
  const locks = ["config.lock", "packed-refs.lock", "shallow.lock", "refs/tags/v1.lock"].map((name) =>
    join(git, name),
  );
  mkdirSync(join(git, "refs/tags"), { recursive: true });
  for (const lock of locks) writeFileSync(lock, "");
  const second = source.commit({ a: "two" });
  const next = new WorkerHandle();
  const again = await next.hello(target, "run-2");
  await next.publish(deployInfo(second, { git_binary_manager: "git-lfs", original_origin: "https://h/x" }));
  await next.sendRevision(source.directory, second, again);
  for (const stage of ["fetch", "promote", "finalize"] as const)
    expect(await next.stage(stage)).toMatchObject({ ok: true });
  expect(next.records.filter(({ levelno }) => levelno >= LEVELS.WARNING)).toEqual([]);
  expect(locks.filter((lock) => existsSync(lock))).toEqual([]);
  await next.close();
});
