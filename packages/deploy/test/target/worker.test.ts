import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

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
let r1: string;
beforeEach(() => {
  target = createSampleTarget();
  source = createSampleRepository(join(target.directory, "source"));
  r1 = source.commit({ "index.html": "one\n", "scap/scripts/ok.sh": "#!/bin/sh\nexit 0\n" });
});
afterEach(() => target.remove());

/** A deployment of one commit through all stages named. */
async function deploy(
  commit: string,
  stages: readonly Parameters<WorkerHandle["stage"]>[0][],
  options: { worker?: WorkerHandle; info?: object; run?: string } = {},
): Promise<WorkerHandle> {
  const worker = options.worker ?? new WorkerHandle();
  const hello = await worker.hello(target, options.run);
  await worker.publish(deployInfo(commit, options.info));
  if (!hello.completeRevisions.includes(commit)) await worker.sendRevision(source.directory, commit, hello);
  for (const stage of stages) expect(await worker.stage(stage)).toMatchObject({ ok: true });
  return worker;
}

describe("a first deployment", () => {
  it("leaves the layout that Python Scap leaves, with a clean git repository (deploy W35)", async () => {
    const worker = await deploy(r1, ["fetch", "config_deploy", "promote"]);
    expect(readlinkSync(target.final)).toBe(`web-cache/revs/${r1}`);
    expect(readlinkSync(join(target.root, "current"))).toBe(`revs/${r1}`);
    expect(readlinkSync(join(target.root, ".in-progress"))).toBe(`revs/${r1}`);
    expect(existsSync(join(target.root, ".done"))).toBe(false);
    expect(existsSync(join(target.root, ".config"))).toBe(true);

    expect(await worker.stage("finalize")).toMatchObject({ ok: true });
    expect(readlinkSync(join(target.root, ".done"))).toBe(`revs/${r1}`);
    expect(existsSync(join(target.root, ".in-progress"))).toBe(false);

    const git = (...args: string[]) =>
      execFileSync("git", args, { cwd: target.final, encoding: "utf8" }).trim();
    expect(git("status", "--porcelain")).toBe("");
    expect(git("rev-parse", "HEAD")).toBe(r1);
    expect(git("log", "--format=%s")).toBe("change");
    expect(git("rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
    expect(await worker.close()).toBe(0);
  });

  it("moves a real directory at the final path aside (B11)", async () => {
    mkdirSync(target.final, { recursive: true });
    writeFileSync(join(target.final, "old"), "old");
    const worker = await deploy(r1, ["fetch", "promote"]);
    expect(lstatSync(target.final).isSymbolicLink()).toBe(true);
    const backups = execFileSync("ls", [join(target.gitDeployDir, "acme")], { encoding: "utf8" });
    expect(backups).toMatch(/^web\.\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/m);
    await worker.close();
  });

  it("is undone by rollback: the directory that was there comes back (deploy W6)", async () => {
    mkdirSync(target.final, { recursive: true });
    writeFileSync(join(target.final, "old"), "old");
    const worker = await deploy(r1, ["fetch", "promote"]);
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "old"), "utf8")).toBe("old");
    expect(existsSync(join(target.root, "current"))).toBe(false);
    expect(existsSync(join(target.root, ".in-progress"))).toBe(false);
    await worker.close();
  });
});

describe("a later deployment", () => {
  it("gets only what is new and goes back to the done revision on rollback", async () => {
    await (await deploy(r1, ["fetch", "promote", "finalize"])).close();
    const r2 = source.commit({ "index.html": "two\n" });
    const calls: string[] = [];
    const worker = new WorkerHandle({ services: recordingServices(calls) });
    const hello = await worker.hello(target, "20310405T060709-1");
    expect(hello).toMatchObject({ current: r1, done: r1, completeRevisions: [r1], bases: [r1] });
    await worker.publish(deployInfo(r2, { service_name: "app" }));
    await worker.sendRevision(source.directory, r2, hello);
    await worker.stage("fetch");
    expect(await worker.stage("promote")).toMatchObject({
      ok: true,
      result: { noop: false, stages: [{ stage: "promote" }, { stage: "handle_service" }] },
    });
    expect(readFileSync(join(target.final, "index.html"), "utf8")).toBe("two\n");
    expect(await worker.stage("rollback")).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "index.html"), "utf8")).toBe("one\n");
    expect(calls).toEqual(["restart app", "restart app"]);
    await worker.close();
  });

  it("has nothing to do when the revision is live already", async () => {
    await (await deploy(r1, ["fetch", "promote", "finalize"])).close();
    const worker = await deploy(r1, []);
    expect(await worker.stage("fetch")).toMatchObject({ result: { noop: true } });
    expect(await worker.stage("promote")).toMatchObject({ result: { noop: true } });
    await worker.close();
  });
});

describe("rollback without a done revision", () => {
  it("is refused when nothing of ours is live", async () => {
    const worker = await deploy(r1, ["fetch"]);
    expect(await worker.stage("rollback")).toMatchObject({
      ok: false,
      error: { code: "NOTHING_TO_ROLL_BACK", exitCode: 70 },
    });
    await worker.close();
  });
});

describe("a service that is not on the host", () => {
  it("is skipped with a warning where services must be valid, and the others are not (B23) (deploy W26)", async () => {
    const calls: string[] = [];
    const worker = await deploy(r1, [], {
      worker: new WorkerHandle({ services: recordingServices(calls) }),
      info: { service_name: "miss, b", require_valid_service: true },
    });
    expect(await worker.stage("handle_service")).toMatchObject({ ok: true });
    expect(calls).toEqual(["restart b"]);
    expect(worker.records).toContainEqual(
      expect.objectContaining({ levelno: 30, msg: expect.stringContaining("does not exist") }),
    );
    await worker.close();
  });
});

describe("a host that is secondary", () => {
  it("has no port to wait for where all its services were disabled (deploy W28)", async () => {
    const calls: string[] = [];
    const secondarySignalFile = async (): Promise<string> => target.directory;
    const worker = await deploy(r1, [], {
      worker: new WorkerHandle({ services: recordingServices(calls), secondarySignalFile }),
      info: { service_name: "app=restart:disable-secondary", service_port: "1", service_timeout: 3_600 },
    });
    expect(await worker.stage("handle_service")).toMatchObject({ ok: true });
    expect(calls).toEqual(["disable app"]);
    await worker.close();
  });
});

describe("stages out of order", () => {
  it("finalize is refused for a revision that is not live (deploy W4)", async () => {
    const worker = await deploy(r1, ["fetch"]);
    expect(await worker.stage("finalize")).toMatchObject({ ok: false, error: { code: "NOT_PROMOTED" } });
    expect(existsSync(join(target.root, ".done"))).toBe(false);
    await worker.close();
  });

  it.each(["promote", "finalize"] as const)(
    "%s is refused for a revision that was not fetched (deploy W3)",
    async (stage) => {
      const worker = await deploy(r1, []);
      expect(await worker.stage(stage)).toMatchObject({ ok: false, error: { exitCode: 1 } });
      expect(existsSync(target.final)).toBe(false);
      await worker.close();
    },
  );

  it("promote is refused for a revision whose fetch was interrupted, until it is fetched again (deploy W3)", async () => {
    const worker = await deploy(r1, ["fetch"]);
    const revision = join(target.root, "revs", r1);
    rmSync(join(revision, ".git/scap-complete"));
    rmSync(join(revision, "index.html"));
    expect(await worker.stage("promote")).toMatchObject({
      ok: false,
      error: { code: "INCOMPLETE_REVISION" },
    });
    expect(existsSync(target.final)).toBe(false);
    for (const stage of ["fetch", "promote"] as const)
      expect(await worker.stage(stage)).toMatchObject({ ok: true });
    expect(readFileSync(join(target.final, "index.html"), "utf8")).toBe("one\n");
    await worker.close();
  });
});
