import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as soon } from "node:timers/promises";
import { realLabObstacle, startRealLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, startScap, type ScapOptions } from "./support/run-scap.ts";
import { makeSmallNode, type SmallNode } from "./support/small-node.ts";

const HOSTS = Array.from({ length: 30 }, (_, at) => `web${at + 1}`);
/** Enough where thirty would prove nothing more. */
const SOME = "web[1:2]";
const obstacle =
  realLabObstacle() ?? (spawnSync("gcc", ["--version"]).status === 0 ? undefined : "gcc is not installed");
requireUnderCi("the real lab with gcc", obstacle);

let lab: Lab;
let checkout: Checkout;
let small: SmallNode;
let cache: string;

describe.skipIf(obstacle !== undefined)(
  `hosts with nothing but sshd, a shell, tar and git${obstacle === undefined ? "" : ` (NOT RUN: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      small = makeSmallNode();
      cache = mkdtempSync(join(tmpdir(), "scap-cache-"));
      lab = await startRealLab({ hosts: HOSTS, withoutNode: true });
      checkout = new Checkout({
        ...scapFiles(HOSTS, {
          ...{ git_repo: "test/bare", failure_limit: "0", runtime_files: small.tarball },
          // Removing old versions waits for everybody who deploys from this machine.
          lock_dir: cache,
        }),
      });
    });
    afterAll(async () => {
      await lab?.close();
      checkout?.remove();
      small?.remove();
      rmSync(cache, { recursive: true, force: true });
    });

    it("fail with a sentence where no runtime may be sent", async () => {
      const { status, stderr } = await runScap(["deploy", "-Druntime:never", "-l", "web1", "no"], options());
      expect(status).toBe(1);
      expect(stderr).toContain('there is no Node 20.19 or newer on the host, and runtime is "never"');
      const installed = await runScap(["install-world", "-Druntime:never", "-l", SOME, "-y"], options());
      expect(installed.stderr).toContain(
        'web[1-2] (2): failed: there is no Node 20.19 or newer on the host, and runtime is "never"\n    Install Node',
      );
      expect(installed.stderr).toContain(": done on 0 of 2 hosts (duration");
      expect(installed.status).toBe(1);
      expect(delivered("web1")).toEqual([]);
    });

    it("are looked at without being sent anything, and the doctor tells the size", async () => {
      const { status, stdout } = await runScap(["doctor"], options());
      expect(stdout).toContain(
        "note: web[1-30] (30): there is no Node 20.19 or newer: Node is sent once (2 MB each)\n" +
          "    Ahead of time: scap install-world -l 'web[1:30]'\n",
      );
      expect(stdout).toContain("30 of 30 hosts ready\n");
      expect(status).toBe(0);
      const never = await runScap(["doctor", "-Druntime:never", "-l", "web1"], options());
      expect(never.stdout).toContain("problem: web1 (1): there is no Node 20.19 or newer, and runtime is");
      expect(never.status).toBe(1);
      expect(delivered("web1")).toEqual([]);
    });

    it("get a deployment, all thirty at once, and keep the runtime for the next one", async () => {
      const first = await runScap(["deploy", "--yes", "first"], options());
      expect(first.stderr).toContain("Hosts without Node are sent Node once (2 MB)");
      expect(first.stderr).not.toContain("Warning");
      expect(first.status).toBe(0);
      for (const host of HOSTS) {
        expect(delivered(host)).toEqual([
          expect.stringMatching(/^deploy-local-\w+\.mjs$/),
          expect.stringMatching(/^node-\w+$/),
        ]);
        expect(
          existsSync(lab.host(host).outside("/srv/deployment/test/bare-cache/current/version.txt")),
        ).toBe(true);
      }
      checkout.commit({ "version.txt": "2\n" });
      const second = await runScap(["deploy", "--yes", "-l", SOME, "second"], options());
      expect(second.status).toBe(0);
      expect(second.stderr).not.toContain("are sent");
    });

    it("are brought everything ahead of time by install-world, which also takes old versions away", async () => {
      for (const host of HOSTS) rmSync(cacheOf(host), { recursive: true });
      const install = ["install-world", "--yes"];
      const first = await runScap(install, options());
      expect(first.stderr).toContain("web[1-30] (30): sent Node and deploy-local\n");
      expect(first.status).toBe(0);
      const second = await runScap([...install, "-l", SOME], options());
      expect(second.stderr).not.toContain("sent");
      expect(second.status).toBe(0);

      writeFileSync(join(cacheOf("web1"), `deploy-local-${"0".repeat(64)}.mjs`), "old");
      const listed = await runScap(["install-world", "--list"], options());
      expect(listed.stdout).toMatch(/^\d\S+ +\w{8} +\w{8} +\d+ MB +web\[1-30\] \(30\)$/m);
      expect(listed.stdout).toMatch(/^- +00000000 +- +0 MB +web1 \(1\)$/m);
      const removed = await runScap([...install, "--keep", "1", "-l", SOME], options());
      expect(removed.stderr).toContain("web1 (1): removed 1 file\n");
      expect(delivered("web1")).toHaveLength(3);

      checkout.commit({ "version.txt": "installed\n" });
      const deployed = await runScap(["deploy", "--yes", "-l", SOME, "after"], options());
      expect(deployed.stderr).not.toContain("are sent");
      expect(deployed.status).toBe(0);
    });

    it("get the deploy server's own Node after a connection that was cut in the middle", async () => {
      checkout.commit({ "version.txt": "3\n" });
      for (const host of ["web2", "web3"]) rmSync(cacheOf(host), { recursive: true });
      const args = ["deploy", "--yes", "-Druntime_files:", "-l", "web[2:3]", "cut"];
      const cut = startScap(args, options());
      await Promise.race([halfDelivered("web2"), cut.result]);
      await lab.host("web2").killServer();
      const { status, stderr } = await cut.result;
      expect(stderr).toMatch(/web2.*(?:lost|closed|ended|failed)/);
      expect(status).toBe(1);
      await lab.host("web2").startServer();
      expect(delivered("web2").filter((name) => name.startsWith("node-"))).toEqual([]);

      const again = await runScap(args, options());
      expect(again.stderr).toMatch(/Hosts without Node are sent Node v\d+\.\d+\.\d+ once \(\d+ MB\)/);
      expect(again.status).toBe(0);
      expect(delivered("web2").filter((name) => !name.startsWith("deploy-local-"))).toEqual([
        expect.stringMatching(/^node-\w+$/),
      ]);
    });
  },
);

function options(): ScapOptions {
  return { cwd: checkout.directory, env: { ...lab.env, XDG_CACHE_HOME: cache } };
}

function cacheOf(host: string): string {
  return lab.host(host).outside(`/home/${lab.user}/.cache/scap`);
}

function delivered(host: string): string[] {
  return existsSync(cacheOf(host)) ? readdirSync(cacheOf(host)).toSorted() : [];
}

/** Waits until a part of the runtime has arrived on a host. */
async function halfDelivered(host: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const part = delivered(host).find((name) => name.startsWith(".node-"));
    if (part !== undefined && statSync(join(cacheOf(host), part)).size > 0) return;
    if (Date.now() > deadline) throw new Error(`${host} was never sent a runtime`);
    await soon();
  }
}
