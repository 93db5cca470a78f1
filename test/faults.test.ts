/**
 * Every fault at every event of a deployment to eight hosts with a submodule, a configuration file and a service. The
 * whole matrix takes an hour, so that it runs when SCAP_TEST_FAULTS=all says so; else some of it does.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FleetReader } from "./support/fleet-reader.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import type { ScapCall, ScapResult } from "./support/run-scap.ts";
import { SampleFleet, type HostState } from "./support/sample-fleet.ts";
import {
  fillDisk,
  freeDisk,
  mountSmallDisk,
  smallDiskObstacle,
  unmountSmallDisk,
} from "./support/small-disks.ts";

const HOSTS = ["web1", "web2", "web3", "web4", "web5", "web6", "web7", "web8"];
/** Events of a deployment to them that nothing disturbs. */
const EVENTS = 90;
const DISK_BYTES = 24 * 1024 * 1024;
requireUnderCi("a disk of its own for each host", smallDiskObstacle);

/** How a deployment is hurt, and what comes after it. */
interface Fault {
  readonly inject: (call: ScapCall, host: string) => unknown;
  /** Whether the deployment had the chance to leave all other hosts as they were, or as they should be. */
  readonly hasEnded: boolean;
  readonly next: "deploy" | "--resume";
  /** Options of the deployment that is hurt. */
  readonly options?: readonly string[];
}

let fleet: SampleFleet;
let reader: FleetReader | undefined;
let isSound = false;

const host = (name: string) => fleet.lab.host(name);
const disk = (name: string): string => host(name).deployDir;

const FAULTS: Readonly<Record<string, Fault>> = {
  "a killed deployment, resumed": {
    inject: ({ process }) => process.kill("SIGKILL"),
    ...{ hasEnded: false, next: "--resume" },
  },
  "a killed deployment, and a new one": {
    inject: ({ process }) => process.kill("SIGKILL"),
    ...{ hasEnded: false, next: "deploy" },
  },
  "a killed worker": {
    inject: (_call, name) => host(name).kill(".mjs worker"),
    ...{ hasEnded: true, next: "deploy" },
  },
  "lost connections": {
    inject: (_call, name) => host(name).killServer(),
    ...{ hasEnded: true, next: "deploy" },
  },
  "a cut network": {
    inject: (_call, name) => host(name).cut(),
    options: ["stage_timeout:8", "connect_timeout:4"],
    ...{ hasEnded: true, next: "--resume" },
  },
  "a full disk": {
    inject: (_call, name) => fillDisk(disk(name)),
    ...{ hasEnded: true, next: "--resume" },
  },
  "Ctrl-C": {
    inject: ({ process }) => process.kill("SIGINT"),
    ...{ hasEnded: true, next: "--resume" },
  },
  "Ctrl-C twice": {
    inject: async (call) => {
      call.process.kill("SIGINT");
      await call.until("stopping at the next safe point").catch(() => {});
      call.process.kill("SIGINT");
    },
    ...{ hasEnded: false, next: "deploy" },
  },
};

describe.skipIf(smallDiskObstacle !== undefined)(
  `a fleet${smallDiskObstacle === undefined ? "" : ` (NOT RUN: ${smallDiskObstacle})`}`,
  () => {
    beforeAll(async () => {
      fleet = await SampleFleet.start(HOSTS);
      for (const name of HOSTS) mountSmallDisk(disk(name), DISK_BYTES);
    });
    afterAll(async () => {
      for (const name of HOSTS) unmountSmallDisk(disk(name));
      await fleet.close();
    });
    beforeEach(async () => {
      if (!isSound) {
        // What failed before must not make the next case fail.
        fleet.commitNext();
        await deployWell();
      }
      fleet.commitNext();
      reader = fleet.read();
    });
    afterEach(async ({ task }) => {
      for (const name of HOSTS) await healHost(name);
      isSound = task.result?.state === "pass";
      await reader?.stop();
      reader = undefined;
    });

    it("is deployed to with a known number of events when nothing disturbs", async () => {
      const { stdout } = await fleet.run("deploy", "--json", "undisturbed");
      expect(stdout.split("\n").filter(isEvent)).toHaveLength(EVENTS);
      expect(await states()).toEqual(everywhere(whole()));
      await readerSawWholeRevisions();
    });

    it.each(cases())(
      "survives $name at event $index",
      async ({ name, index }) => {
        const fault = FAULTS[name];
        if (fault === undefined) throw new TypeError(name);
        const { hit, result } = await disturb(fault, index);
        expect(result.stderr).not.toMatch(/^ +at /m);
        await expect.poll(leftovers, { timeout: 30_000, interval: 200 }).toEqual([]);
        if (fault.hasEnded) await othersAreSettled(hit, result);
        await recover(fault);
        expect(await states()).toEqual(everywhere(whole()));
        await expect.poll(running, { interval: 200 }).toEqual([]);
        await readerSawWholeRevisions();
      },
      300_000,
    );
  },
);

/** Every fault at every event, or each of them once. All of them alternate, so that trouble shows early. */
function cases(): { readonly name: string; readonly index: number }[] {
  const turns = process.env["SCAP_TEST_FAULTS"] === "all" ? EVENTS : 1;
  const names = Object.keys(FAULTS);
  return Array.from({ length: turns }, (_, turn) =>
    names.map((name, fault) => ({ name, index: (20 + (fault + turn) * SCATTER) % EVENTS })),
  ).flat();
}

/** No divisor in common with the number of events: in steps of this length one gets everywhere. */
const SCATTER = 37;

/** Runs a deployment, and hurts it and one of its hosts when the event with this number is seen. */
async function disturb(fault: Fault, index: number): Promise<{ hit: string; result: ScapResult }> {
  // Every other one may lose a host without failing.
  const options = [`failure_limit:${index % 2}`, ...(fault.options ?? [])];
  const flags = options.flatMap((option) => ["-D", option]);
  const call = fleet.start("deploy", "--json", ...flags, `survive ${index}`);
  const event = await nthEvent(call, index);
  const hit = typeof event["host"] === "string" ? event["host"] : (HOSTS[index % HOSTS.length] ?? "");
  await fault.inject(call, hit);
  const result = await call.result;
  await healHost(hit);
  return { hit, result };
}

/** Takes back whatever was done to a host. */
async function healHost(name: string): Promise<void> {
  freeDisk(disk(name));
  await host(name).restore();
  await host(name).startServer();
}

/** Resolves with an event as soon as it is printed. */
async function nthEvent(
  { process: child, result }: ScapCall,
  index: number,
): Promise<Record<string, unknown>> {
  let text = "";
  return await new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: string) => {
      text += chunk;
      const found = text.split("\n").slice(0, -1).filter(isEvent)[index];
      if (found !== undefined) resolve(JSON.parse(found) as Record<string, unknown>);
    });
    void result.then(({ status, stderr }) => reject(new Error(`ended with ${status} too early: ${stderr}`)));
  });
}

function isEvent(line: string): boolean {
  return line.includes('"name": "deploy"') && line.includes('"event": "');
}

/** A deployment that ends by itself leaves each host as one unit; only the one that was hit may miss something. */
async function othersAreSettled(hit: string, { status, stderr }: ScapResult): Promise<void> {
  for (const [name, state] of Object.entries(await states())) {
    const versions = new Set(state.versions);
    expect(versions.size, `${name} after ${status}: ${stderr}`).toBe(1);
    if (name === hit) continue;
    const [version = ""] = versions;
    // A host that was only fetched to has nothing to take back.
    const remains = state.remains.filter((each) => each !== ".in-progress");
    expect({ ...state, remains }, `${name} after ${status}: ${stderr}`).toEqual({
      ...{ ...whole(), ...ids(state), ...at(version) },
    });
  }
}

async function recover({ next }: Fault): Promise<void> {
  if (next === "--resume") {
    const { status, stderr } = await fleet.run("deploy", "--resume");
    expect(stderr).not.toMatch(/^ +at /m);
    if (status === 0 && !stderr.includes("there is nothing to resume")) return;
    expect(stderr).toMatch(/there is nothing to resume|was rolled back/);
  }
  await deployWell();
}

async function deployWell(): Promise<void> {
  const { status, stderr } = await fleet.run("deploy", "--lock-timeout", "20s", "after");
  if (status !== 0) throw new Error(stderr);
}

/** What a host looks like with the newest version. */
function whole(): HostState {
  const commit = fleet.checkout.git("rev-parse", "HEAD");
  return { live: commit, current: commit, done: commit, remains: [], ...at(fleet.version) };
}

function at(version: string): Pick<HostState, "versions" | "services"> {
  return { versions: [version, version, version], services: [`webd ${version} ${version} 100000`] };
}

function ids({ live }: HostState): Pick<HostState, "live" | "current" | "done"> {
  return { live, current: live, done: live };
}

function everywhere(state: HostState): Record<string, HostState> {
  return Object.fromEntries(HOSTS.map((name) => [name, state]));
}

async function states(): Promise<Record<string, HostState>> {
  return Object.fromEntries(
    await Promise.all(HOSTS.map(async (name) => [name, await fleet.state(name)] as const)),
  );
}

/** What runs on the hosts apart from the service. */
async function running(): Promise<string[]> {
  return (await Promise.all(HOSTS.map(async (name) => await fleet.processes(name)))).flat();
}

/** The same without guards, which stay until their lease ends. */
async function leftovers(): Promise<string[]> {
  return (await running()).filter((command) => !command.includes("scap-guard") && command !== "sleep 1");
}

async function readerSawWholeRevisions(): Promise<void> {
  const seen = await reader?.stop();
  reader = undefined;
  expect(seen?.violations).toEqual([]);
  expect(seen?.reads).toBeGreaterThan(20);
}
