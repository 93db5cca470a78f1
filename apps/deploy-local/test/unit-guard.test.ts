import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { must, stage, WorkerHost } from "./worker-host.ts";
import type { WorkerProcess } from "./worker-process.ts";

/**
 * Stands for sudo and the service manager: what is restarted runs what is live then. Told to hold, it hangs once, as long as
 * `held` is there; told to refuse a revision, it fails with it.
 */
const SUDO = `#!/bin/sh
cd "$TEST_DIRECTORY"
if mv hold held 2>/dev/null; then
  while [ -e held ]; do sleep 0.05; done
  exit 1
fi
read -r version <srv/web/v
[ "$version" != "$(cat refused 2>/dev/null)" ] || exit 1
echo "$version" >service
`;

let host: WorkerHost;
let [first, second] = ["", ""];
let worker: WorkerProcess;

const at = (name: string): string => join(host.directory, name);
const service = (): string => readFileSync(at("service"), "utf8").trim();
const isUnsettled = (): boolean => existsSync(join(host.root, ".scap/unsettled"));

beforeEach(async () => {
  host = new WorkerHost();
  host.command("sudo", SUDO);
  [first, second] = [host.commit("v", "1\n"), host.commit("v", "2\n")];
  const before = await deploy("1", first);
  for (const name of ["promote", "finalize"]) await must(before, stage(name));
  await before.close();
  worker = await deploy("2", second);
});
afterEach(async () => {
  worker.child.kill("SIGKILL");
  await host.remove();
});

/** A worker with a revision that it has fetched. */
async function deploy(run: string, commit: string): Promise<WorkerProcess> {
  const opened = await host.open({ run, commit, info: "service_name: web\n" });
  await host.send(opened, commit);
  await must(opened, stage("fetch"));
  return opened;
}

/** Asks for a stage, and answers once it has switched and restarts the service, which hangs. */
async function holdAt(name: string, more?: Record<string, unknown>): Promise<void> {
  writeFileSync(at("hold"), "");
  void worker.ask(stage(name, more));
  await expect.poll(() => existsSync(at("held")), { timeout: 20_000 }).toBe(true);
}

async function guardsAreGone(): Promise<void> {
  await expect.poll(() => host.guards(), { timeout: 20_000 }).toEqual([]);
}

/** Between the switch and the end of the service's restart. */
const LOSSES: Readonly<Record<string, () => unknown>> = {
  "its worker is killed": () => worker.child.kill("SIGKILL"),
  "its deploy server is gone": () => worker.child.stdin?.end(),
};

const LEASE = { leaseMs: 600_000 };
const hasLease = (): boolean => existsSync(join(host.root, ".scap/lease"));

describe.each(Object.entries(LOSSES))("a host, when %s in the middle of it", (_what, lose) => {
  it.each([
    ["without a lease", {}],
    ["with a lease, which goes on,", LEASE],
  ])("%s brings a promote to an end by itself", async (_lease, terms) => {
    await holdAt("promote", terms);
    expect([host.live, service()]).toEqual([second, "1"]);
    await lose();
    await expect.poll(service, { timeout: 20_000 }).toBe("2");
    await expect.poll(isUnsettled, { timeout: 20_000 }).toBe(false);
    expect(host.live).toBe(second);
    expect(hasLease()).toBe(terms === LEASE);
    expect(readFileSync(join(host.root, ".scap/guard.log"), "utf8")).toContain("bringing it to an end");
  });

  it("brings a rollback to an end by itself", async () => {
    await must(worker, stage("promote"));
    expect(service()).toBe("2");
    await holdAt("rollback");
    expect([host.live, service()]).toEqual([first, "2"]);
    await lose();
    await expect.poll(service, { timeout: 20_000 }).toBe("1");
    await guardsAreGone();
    expect(host.live).toBe(first);
    expect(isUnsettled()).toBe(false);
  });

  it.each([
    ["without a lease", {}],
    ["with a lease", LEASE],
  ])("%s goes back where a service does not start with the new revision", async (_lease, terms) => {
    await holdAt("promote", terms);
    writeFileSync(at("refused"), "2");
    await lose();
    await expect.poll(() => host.live, { timeout: 20_000 }).toBe(first);
    await guardsAreGone();
    expect(service()).toBe("1");
    expect(isUnsettled()).toBe(false);
  });
});

describe("the guard of a switch", () => {
  it("makes way for the end of the lease", async () => {
    await holdAt("promote", LEASE);
    rmSync(at("held"));
    writeFileSync(at("hold"), "");
    worker.child.kill("SIGKILL");
    // What finishes for the worker hangs now in its place.
    await expect.poll(() => existsSync(at("held")), { timeout: 20_000 }).toBe(true);
    const lease = join(host.root, ".scap/lease");
    writeFileSync(lease, readFileSync(lease, "utf8").replace(/"deadline":\d+/, '"deadline":1'));
    await expect.poll(() => host.live, { timeout: 20_000 }).toBe(first);
    await guardsAreGone();
    expect(service()).toBe("1");
    expect([isUnsettled(), hasLease()]).toEqual([false, false]);
  });

  it("leaves a failure to the deploy server that has heard of it", async () => {
    writeFileSync(at("refused"), "2");
    expect(await worker.ask(stage("promote"))).toMatchObject({ error: { code: "SERVICE_FAILED" } });
    await must(worker, { op: "bye" });
    await worker.exited;
    await guardsAreGone();
    expect([host.live, isUnsettled()]).toEqual([second, true]);
  });

  it("decides where the deploy server is gone before it has heard of a failure", async () => {
    writeFileSync(at("refused"), "2");
    expect(await worker.ask(stage("promote"))).toMatchObject({ error: { code: "SERVICE_FAILED" } });
    worker.child.stdin?.end();
    await expect.poll(() => host.live, { timeout: 20_000 }).toBe(first);
    await guardsAreGone();
    expect(service()).toBe("1");
  });

  it("makes way for a worker of the same or a newer run", async () => {
    await holdAt("promote");
    rmSync(at("held"));
    writeFileSync(at("hold"), "");
    worker.child.kill("SIGKILL");
    await expect.poll(() => existsSync(at("held")), { timeout: 20_000 }).toBe(true);
    worker = await host.open({ run: "3", commit: second, info: "service_name: web\n" });
    await guardsAreGone();
    expect(service()).toBe("1");
    await must(worker, stage("promote"));
    expect(service()).toBe("2");
  });
});
