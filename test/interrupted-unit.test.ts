import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { ScapCall } from "./support/run-scap.ts";
import { SampleFleet, type HostState } from "./support/sample-fleet.ts";

/** `web1` is the canary, which has a lease; the others have none. */
const HOSTS = ["web1", "web2", "web3"];
const HURT = "web2";

let fleet: SampleFleet;
beforeAll(async () => {
  fleet = await SampleFleet.start(HOSTS);
  expect(await fleet.run("deploy", "first")).toMatchObject({ status: 0 });
});
afterAll(async () => fleet?.close());
beforeEach(() => fleet.commitNext());

/** Starts a deployment, and answers once the host has switched and restarts its service, which hangs. */
async function heldDeployment(): Promise<ScapCall> {
  writeFileSync(inHome("hold"), "");
  // A host that is lost makes nobody go back.
  const call = fleet.start("deploy", "-Dfailure_limit:1", "interrupted");
  await expect.poll(() => existsSync(inHome("held")), { timeout: 60_000 }).toBe(true);
  return call;
}

const inHome = (name: string): string => join(fleet.lab.host(HURT).root, "home", name);

/** Code, configuration and service of the newest version, and nothing under way. */
function whole(): Pick<HostState, "versions" | "services"> {
  const { version } = fleet;
  return { versions: [version, version, version], services: [`webd ${version} ${version} 100000`] };
}

async function unit(): Promise<Pick<HostState, "versions" | "services">> {
  const { services, versions } = await fleet.state(HURT);
  return { services, versions };
}

const LOSSES: Readonly<Record<string, (call: ScapCall) => unknown>> = {
  "the deployment": (call) => call.process.kill("SIGKILL"),
  "the worker": () => fleet.lab.host(HURT).kill(".mjs worker"),
};

it.each(Object.entries(LOSSES))(
  "a host without a lease restarts its service by itself when %s is killed between the switch and the restart",
  async (_what, lose) => {
    const call = await heldDeployment();
    await lose(call);
    await expect.poll(unit, { timeout: 30_000 }).toEqual(whole());
    rmSync(inHome("held"));
    await call.result;
    await expect.poll(async () => await fleet.processes(HURT), { timeout: 30_000 }).toEqual([]);
    expect((await fleet.state(HURT)).remains.filter((name) => name !== ".in-progress")).toEqual([]);
    const { status, stderr } = await fleet.run("deploy", "after");
    expect({ status, stderr }).toMatchObject({ status: 0 });
  },
);

it("scap status shows a host whose guard was lost, too, and --resume mends it", async () => {
  const call = await heldDeployment();
  await fleet.lab.host(HURT).kill("scap-guard");
  call.process.kill("SIGKILL");
  const workers = async (): Promise<string[]> =>
    (await fleet.processes(HURT)).filter((command) => command.endsWith(".mjs worker"));
  await expect.poll(workers, { timeout: 30_000 }).toEqual([]);
  rmSync(inHome("held"));
  await expect.poll(async () => await fleet.processes(HURT), { timeout: 30_000 }).toEqual([]);
  const { status, stdout } = await fleet.run("status");
  expect(stdout).toContain("web2 (1): services and checks after its last switch are not through");
  expect(status).toBe(1);
  expect(await fleet.run("deploy", "--resume")).toMatchObject({ status: 0 });
  expect(await unit()).toEqual(whole());
});
