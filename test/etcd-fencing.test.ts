import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { startScap, type ScapCall } from "./support/run-scap.ts";
import { haveEtcd, startEtcd } from "./support/start-etcd.ts";

const HOSTS = ["web1", "web2"];

describe.skipIf(!haveEtcd && !process.env["CI"])(
  `two deploy servers with a lock in etcd${haveEtcd ? "" : " (NOT RUN: needs etcd-server)"}`,
  () => {
    let lab: Lab;
    let directory: string;
    let etcd: Awaited<ReturnType<typeof startEtcd>>;
    let checkouts: Checkout[];
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), "scap-fencing-"));
      [lab, etcd] = await Promise.all([startEmbeddedLab({ hosts: HOSTS }), startEtcd()]);
      const config = { lock_backend: "etcd", lock_etcd_endpoints: etcd.endpoint, lock_lease: "2" };
      const checks = "checks: {pause: {command: sleep 0.5, after: fetch}}\n";
      checkouts = ["a", "b"].map(
        (text) =>
          new Checkout({
            ...scapFiles(HOSTS, config),
            "scap/checks.yaml": checks,
            "version.txt": `${text}\n`,
          }),
      );
    });
    afterAll(async () => {
      for (const checkout of checkouts) checkout.remove();
      await Promise.all([lab.close(), etcd.stop()]);
      rmSync(directory, { recursive: true });
    });

    /** A deployment from one of the servers, which have nothing in common but etcd and the targets. */
    function deploy(server: number, ...args: string[]): ScapCall {
      return scap(server, "deploy", ...args);
    }

    function scap(server: number, command: string, ...args: string[]): ScapCall {
      const own = ["-D", `lock_dir:${join(directory, `lock${server}`)}`];
      const cwd = checkouts[server]?.directory ?? "";
      return startScap([command, ...own, ...args], { cwd, env: lab.env });
    }

    const live = (): string[] =>
      lab.hosts.map((host) =>
        readFileSync(host.outside(join(host.deployDir, "test/app/version.txt")), "utf8").trim(),
      );

    it("a holder that is paused past its lease does not go on when it wakes up", async () => {
      const paused = deploy(0, "from the first");
      await paused.until("== CANARY ==");
      paused.process.kill("SIGSTOP");
      const second = await deploy(1, "--lock-timeout", "60s", "from the second").result;
      expect({ status: second.status, stderr: second.stderr }).toMatchObject({ status: 0 });
      expect(live()).toEqual(["b", "b"]);

      paused.process.kill("SIGCONT");
      const { status, stderr } = await paused.result;
      expect(status).toBe(1);
      expect(stderr).toMatch(/lock in etcd was lost|newer deployment of this repository/);
      expect(stderr).not.toContain("internal error");
      expect(live()).toEqual(["b", "b"]);
    });

    it("scap lock on one server keeps deployments of the other away, which sees who it is", async () => {
      const held = scap(0, "lock", "--all", "--for", "10m", "maintenance");
      await held.until("Locked [ALL REPOSITORIES]");
      const { locks } = JSON.parse((await scap(1, "lock", "--status", "--json").result).stdout) as {
        locks: readonly Record<string, unknown>[];
      };
      const pid = held.process.pid;
      expect(locks[0]).toMatchObject({ path: "/scap/lock/global", global: true, pid, reason: "maintenance" });
      const refused = await deploy(1, "--lock-timeout", "0", "from the second").result;
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("maintenance")]);
      const unlock = await scap(1, "lock", "--unlock-all", "--yes", "must deploy").result;
      expect([unlock.status, unlock.stderr]).toEqual([
        1,
        expect.stringContaining("scap lock --unlock-all' on "),
      ]);
      held.process.kill("SIGTERM");
      expect((await held.result).status).toBe(143);
    });

    it("a deployment whose etcd is gone stops, and says why", async () => {
      checkouts[0]?.write({
        "scap/checks.yaml": "checks: {pause: {command: sleep 600, after: fetch, timeout: 600}}\n",
      });
      const deployment = deploy(0, "--force", "into the dark");
      await deployment.until("== CANARY ==");
      await etcd.stop();
      const { status, stderr } = await deployment.result;
      expect(status).toBe(1);
      expect(stderr).toContain(
        "Because:       The lock in etcd was lost (its lease could not be renewed in time)",
      );
      expect(stderr).toContain("Next:          scap deploy --resume, or scap rollback");
      const looked = await scap(1, "lock", "--status").result;
      expect([looked.status, looked.stderr]).toEqual([
        1,
        expect.stringContaining("No etcd member can be used"),
      ]);
    });
  },
);
