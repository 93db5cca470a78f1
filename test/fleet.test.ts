/** `scap run` and `scap deploy` on a large fleet of real sshd, with the faults of large fleets. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lab, type LabHost, realLabObstacle, startRealLab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { type ScapCall, type ScapResult, startScap } from "./support/run-scap.ts";

const FLEET = 200;
const ALL = `web[1-${FLEET}]`;
const SMALL = 20;
const obstacle = realLabObstacle();
requireUnderCi("the real lab", obstacle);

let root: string;

/** Ways for a host to die: its connections end, packets vanish, everything on it stands still. */
const DEATHS = [
  { die: (host: LabHost) => host.killServer(), revive: (host: LabHost) => host.startServer() },
  { die: (host: LabHost) => host.cut(), revive: (host: LabHost) => host.restore() },
  { die: (host: LabHost) => host.pause(), revive: (host: LabHost) => host.resume() },
] as const;

/** A host with this file waits after it has promoted. */
const HELD = "/srv/held";
const HOLD = `checks:
  held:
    type: command
    command: test ! -e ${HELD} || sleep 1000
    shell: true
    timeout: 1000
    after: promote
`;

/** How a deployment ended: its status, and its last event. */
interface Ended {
  readonly status: number | null;
  readonly end: {
    readonly outcome: string;
    readonly deployed: readonly string[];
    readonly failedHosts: readonly string[];
  };
}

interface Report {
  readonly results: readonly { readonly host: string; readonly status: string }[];
  readonly verdict: {
    readonly succeeded: readonly string[];
    readonly failed: Readonly<Record<string, readonly string[]>>;
  };
}

function startRun(lab: Lab, args: readonly string[], env: Readonly<Record<string, string>> = {}): ScapCall {
  const where = { ...lab.env, XDG_STATE_HOME: join(root, "state"), ...env };
  return startScap(["run", ...args, "--yes"], { cwd: root, env: where });
}

function reportOf({ stdout }: ScapResult): Report {
  return JSON.parse(stdout) as Report;
}

describe.skipIf(obstacle !== undefined)(
  `a fleet of real hosts${obstacle === undefined ? "" : ` (NOT RUN: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), "scap-fleet-"));
    });
    afterAll(() => rm(root, { recursive: true }));

    describe(`${FLEET} hosts`, () => {
      let lab: Lab;
      let startMs: number;
      beforeAll(async () => {
        const start = performance.now();
        lab = await startRealLab({ hosts: FLEET });
        startMs = performance.now() - start;
      });
      afterAll(async () => {
        await lab.close();
        expect(existsSync(lab.directory)).toBe(false);
      });

      it("are there in less than 40 s", () => {
        expect(startMs).toBeLessThan(40_000);
      });

      it("all answer, and the command stays small", async () => {
        const call = startRun(lab, [ALL, "echo fine"]);
        const peak = watchPeak(call);
        const { status, stdout } = await call.result;
        expect([status, stdout]).toEqual([0, `===== (${FLEET}) ${ALL} =====\nfine\n`]);
        expect(peak()).toBeLessThan(150);
      });

      it("3 % of them die in the middle: the others finish, and each of the dead is named", async () => {
        const dead = ["web7", "web50", "web77", "web111", "web160", "web199"];
        const args = [ALL, "echo up; sleep 4000 || echo done", "-t", "15", "-p", "95", "-b", String(FLEET)];
        const call = startRun(lab, [...args, "--json"]);
        await untilRunning("sleep 4000", FLEET);
        for (const [index, name] of dead.entries()) await DEATHS[index % 3]?.die(lab.host(name));
        for (const pid of matching(/^sleep 4000$/)) {
          if (!dead.includes(readFileSync(`/proc/${pid}/root/etc/hostname`, "utf8").trim()))
            process.kill(pid);
        }
        const result = await call.result;
        for (const [index, name] of dead.entries()) await DEATHS[index % 3]?.revive(lab.host(name));
        const { verdict } = reportOf(result);
        expect(result.status).toBe(3);
        expect(verdict.succeeded).toHaveLength(FLEET - dead.length);
        expect(verdict.failed["lost"]).toEqual(expect.arrayContaining(["web7", "web111"]));
        expect(Object.values(verdict.failed).flat().toSorted()).toEqual(dead.toSorted());
      });

      describe("scap deploy, while 3 % of them die", () => {
        const dead = ["web7", "web50", "web77", "web111", "web160", "web199"];
        let checkout: Checkout;
        beforeAll(() => {
          const hosts = lab.hosts.map(({ name }) => name);
          const files = scapFiles(hosts, { git_repo: "test/fleet", failure_limit: "5%" });
          checkout = new Checkout({ ...files, "scap/checks.yaml": HOLD });
        });
        afterAll(() => checkout.remove());

        /** Deploys; hosts end while they promote. */
        async function deployAndLose(lost: readonly string[], ...flags: string[]): Promise<Ended> {
          for (const name of lost) await writeFile(lab.host(name).outside(HELD), "");
          const env = lab.env;
          const call = startScap(["deploy", "--json", ...flags, "fleet"], { cwd: checkout.directory, env });
          for (const name of lost) await call.until(`"stage": "promote", "host": "${name}"`);
          for (const name of lost) await lab.host(name).killServer();
          const { status, stdout } = await call.result;
          for (const name of lost) {
            await rm(lab.host(name).outside(HELD));
            await lab.host(name).startServer();
          }
          const last = stdout.split("\n").findLast((line) => line.includes('"event": "deploy.finished"'));
          return { status, end: JSON.parse(last ?? "{}") as Ended["end"] };
        }

        function live(name: string): string {
          return readFileSync(
            lab.host(name).outside("/srv/deployment/test/fleet/version.txt"),
            "utf8",
          ).trim();
        }

        it("goes on below the failure limit: the dead are named, all others have the revision", async () => {
          const { end, status } = await deployAndLose(dead);
          expect(end.failedHosts.toSorted()).toEqual(dead.toSorted());
          expect(end.deployed).toHaveLength(FLEET - dead.length);
          expect(end.outcome).toBe("ok");
          expect(status).toBe(0);
          expect(new Set(end.deployed.map(live))).toEqual(new Set(["1"]));
        }, 300_000);

        it("takes everything back above it: the living have the revision from before", async () => {
          const part = lab.hosts.slice(0, 60).map(({ name }) => name);
          checkout.commit({ "version.txt": "2\n", "scap/targets": part.map((name) => `${name}\n`).join("") });
          const { end, status } = await deployAndLose(["web11", "web42"], "-D", "failure_limit:0");
          expect(end.outcome).toBe("rollback-failed");
          expect(status).toBe(1);
          const living = part.filter((name) => !["web11", "web42", ...dead].includes(name));
          expect(new Set(living.map(live))).toEqual(new Set(["1"]));
        }, 300_000);
      });

      it("no process is left on any of them when the command is killed with SIGKILL", async () => {
        const call = startRun(lab, [ALL, "sleep 4003 & sleep 4001", "-b", String(FLEET)]);
        await untilRunning("sleep 4001", FLEET);
        call.process.kill("SIGKILL");
        await call.result;
        await expect.poll(() => running(/^sleep 400[13]$/), { timeout: 20_000, interval: 250 }).toBe(0);
      });

      it("Ctrl-C twice ends what runs on all of them", async () => {
        const call = startRun(lab, [ALL, "sleep 4002"]);
        await untilRunning("sleep 4002", 80);
        call.process.kill("SIGINT");
        await call.until("stopping at the next safe point");
        call.process.kill("SIGINT");
        const { status, stderr } = await call.result;
        expect(status).toBe(130);
        expect(stderr).toMatch(/interrupted: .*\(80\/200\)/);
        expect(stderr).toMatch(/not started: .*\(120\/200\)/);
        await expect.poll(() => running(/^sleep 4002$/), { interval: 250 }).toBe(0);
      });

      it("40 names of one host get in under MaxStartups 3:50:5", async () => {
        const host = lab.host("web1");
        const file = host.outside("/etc/ssh/sshd_config");
        await writeFile(file, `MaxStartups 3:50:5\n${readFileSync(file, "utf8")}`);
        await host.killServer();
        await host.startServer();
        const config = readFileSync(lab.sshConfigFile, "utf8");
        const aliases = join(root, "aliases");
        const own = `Host alias*\n  HostName ${host.address}\n  HostKeyAlias web1\n`;
        await writeFile(aliases, `${own}${config}`);
        const call = startRun(lab, ["alias[1-40]", "true", "--json"], { SCAP_SSH_CONFIG: aliases });
        const result = await call.result;
        expect(reportOf(result).verdict.failed).toEqual({});
        expect(result.status).toBe(0);
      });
    });

    it(`${SMALL} hosts behind 100 ms and 5 % loss all answer`, async () => {
      const lab = await startRealLab({ hosts: SMALL, shapedLinks: true });
      try {
        for (const host of lab.hosts) await host.shape({ rttMs: 100, lossPercent: 5 });
        const args = [`web[1-${SMALL}]`, "head -c 20000 /dev/zero | wc -c", "--json"];
        const result = await startRun(lab, args).result;
        const { verdict } = reportOf(result);
        expect(verdict.failed).toEqual({});
        expect(verdict.succeeded).toHaveLength(SMALL);
      } finally {
        await lab.close();
      }
    });
  },
);

/** Resolves when that many hosts run the command. */
async function untilRunning(command: string, count: number): Promise<void> {
  const pattern = new RegExp(`^${command}$`);
  await expect.poll(() => running(pattern), { timeout: 60_000, interval: 200 }).toBeGreaterThanOrEqual(count);
}

function running(command: RegExp): number {
  return matching(command).length;
}

/** Processes of all hosts, which this machine sees, with this command line. */
function matching(command: RegExp): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => command.test(commandLine(pid))).map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** Largest resident size of a call so far, in MiB. */
function watchPeak({ process: child }: ScapCall): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    const status = statusOf(child.pid);
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }, 50);
  child.once("exit", () => clearInterval(timer));
  return () => peak;
}

function statusOf(pid: number | undefined): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}
