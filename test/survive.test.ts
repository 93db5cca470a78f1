import {
  realLabObstacle,
  startRealLab,
  watchRevision,
  type Lab,
  type LabHost,
  type RevisionWatch,
} from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, startScap, type ScapCall } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2", "web3"];
const STAGES = ["fetch", "promote", "finalize"] as const;
const obstacle = realLabObstacle();
requireUnderCi("the real lab", obstacle);

/** Checks that take a moment, so that a fault meets the stage while it runs, also right after the switch. */
function slowIn(stage: string): string {
  const check = (when: string): string =>
    `  slow_${when}:\n    type: command\n    command: sleep 0.5\n    ${when}: ${stage}\n`;
  return `checks:\n${check("before")}${stage === "promote" ? check("after") : ""}`;
}

let lab: Lab;
let checkout: Checkout;
let watches: RevisionWatch[] = [];
let version = 1;

describe.skipIf(obstacle !== undefined)(
  `a deployment survives${obstacle === undefined ? "" : ` (NOT RUN: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      lab = await startRealLab({ hosts: HOSTS, diskBytes: 64 * 1024 * 1024 });
      checkout = new Checkout({
        ...scapFiles(HOSTS, {
          git_repo: "test/app",
          failure_limit: "0",
          stage_timeout: "5",
          connect_timeout: "4",
          confirm_timeout: "5",
        }),
        ...pair(1),
      });
      expect(await deploy("first")).toBe(0);
    });
    afterAll(async () => {
      await lab?.close();
      checkout?.remove();
    });
    afterEach(async () => {
      for (const watch of watches.splice(0)) await watch.stop();
    });
    beforeEach(async () => {
      const live = { link: "/srv/deployment/test/app", files: ["a.txt", "b.txt"] };
      watches = await Promise.all(HOSTS.map((host) => watchRevision(lab.host(host), live)));
      checkout.commit(pair(++version));
    });

    describe.each(STAGES)("in stage %s", (stage) => {
      it("kill -9 of the deploy server's process", async () => {
        const call = await startUntil(stage);
        call.process.kill("SIGKILL");
        await call.result;
        await everythingIsWell();
      });

      it("kill -9 of a worker (deploy W9)", async () => {
        const call = await startUntil(stage);
        await lab.host("web2").kill("deploy-local");
        await lab.host("web1").kill("deploy-local");
        await call.result;
        await everythingIsWell();
      });

      it("kill -9 of sshd", async () => {
        const call = await startUntil(stage);
        await lab.host("web1").killServer();
        await call.result;
        await lab.host("web1").startServer();
        await everythingIsWell();
      });

      it("a cut network", async () => {
        const call = await startUntil(stage);
        await lab.host("web1").cut();
        await call.result;
        await lab.host("web1").restore();
        await everythingIsWell();
      });
    });

    it("a full disk", async () => {
      await lab.host("web1").fillDisk();
      const call = startScap(["deploy", "full disk"], { cwd: checkout.directory, env: lab.env });
      const { status, stderr } = await call.result;
      await lab.host("web1").freeDisk();
      expect(stderr).not.toMatch(/^ +at /m);
      expect(status).toBe(1);
      await everythingIsWell();
    });

    it("packets that are dropped once the canary has promoted: it goes back by itself", async () => {
      const call = await startUntil("promote");
      await lab.host("web1").cut();
      await expect.poll(() => liveOn("web1")).toBe(version);
      await expect.poll(() => liveOn("web1"), { timeout: 30_000 }).toBe(version - 1);
      // What the deployment makes of a cut network is tested above.
      call.process.kill("SIGKILL");
      await call.result;
      await lab.host("web1").restore();
      await everythingIsWell();
    });

    it("a worker that stands still while --resume takes over: it changes nothing when it wakes up", async () => {
      const call = await startUntil("promote");
      await lab.host("web1").kill(".mjs worker", "SIGSTOP");
      call.process.kill("SIGKILL");
      await call.result;
      // Nothing hangs in this one, so a slow machine must not fail it.
      const patience = ["stage_timeout", "connect_timeout", "confirm_timeout"].flatMap((name) => [
        "-D",
        `${name}:60`,
      ]);
      const resumed = await runScap(["deploy", "--resume", ...patience], {
        ...{ cwd: checkout.directory, env: lab.env },
      });
      await lab.host("web1").kill(".mjs worker", "SIGCONT");
      expect(resumed.status, `${resumed.stdout}${resumed.stderr}`).toBe(0);
      for (const host of HOSTS) expect(await liveOn(host)).toBe(version);
      await everythingIsWell();
    });

    it("a host that hangs for ever", async () => {
      const call = await startUntil("fetch");
      await lab.host("web1").pause();
      const { stdout } = await call.result;
      await lab.host("web1").resume();
      expect(stdout).toMatch(/no answer|no complete SSH handshake/);
      await everythingIsWell();
    });

    it("Ctrl-C once: what is in flight ends, and what was promoted goes back", async () => {
      const call = await startUntil("promote");
      call.process.kill("SIGINT");
      const { status, stdout } = await call.result;
      expect(status).toBe(130);
      expect(stdout).toContain("deploy aborted: survive");
      await everythingIsWell();
    });

    it("Ctrl-C twice", async () => {
      const call = await startUntil("promote");
      call.process.kill("SIGINT");
      await call.until("stopping at the next safe point");
      call.process.kill("SIGINT");
      const { status } = await call.result;
      expect(status).toBe(130);
      await everythingIsWell();
    });
  },
);

/** Two files that belong together: a reader that sees different numbers saw half a revision. */
function pair(number: number): Record<string, string> {
  return { "a.txt": `${number}\n`, "b.txt": `${number}\n` };
}

/** Nobody hurts this one, so it need not wait for the slow checks. */
async function deploy(message: string): Promise<number | null> {
  const args = ["deploy", "-D", "perform_checks:false", message];
  const result = await runScap(args, { cwd: checkout.directory, env: lab.env });
  if (result.status !== 0) console.error(result.stderr);
  return result.status;
}

/** Starts a deployment and waits until the first host works on the stage, which takes it a moment. */
async function startUntil(stage: string): Promise<ScapCall> {
  checkout.commit({ "scap/checks.yaml": slowIn(stage) });
  const call = startScap(["deploy", "--json", "survive"], { cwd: checkout.directory, env: lab.env });
  await call.until(
    `"event": "stage.host.started", "group": "canary", "label": "canary", "stage": "${stage}"`,
  );
  return call;
}

async function everythingIsWell(): Promise<void> {
  for (const host of HOSTS) await expect.poll(() => remains(lab.host(host)), { timeout: 30_000 }).toEqual([]);
  expect(await deploy("after")).toBe(0);
  for (const host of HOSTS) expect(await liveOn(host)).toBe(version);
  for (const watch of watches.splice(0)) {
    const { reads, violations } = await watch.stop();
    expect(violations).toEqual([]);
    expect(reads).toBeGreaterThan(100);
  }
}

/** Which version a reader finds on a host, whatever became of its network. */
async function liveOn(host: string): Promise<number> {
  const { stdout } = await lab.host(host).exec(["cat", "/srv/deployment/test/app/a.txt"]);
  return Number(stdout);
}

/** Processes of a deployment that are still there. */
async function remains(host: LabHost): Promise<string[]> {
  const processes = await host.processes();
  return processes
    .map(({ command }) => command)
    .filter((command) => /deploy-local|git |sleep 0\.5/.test(command));
}
