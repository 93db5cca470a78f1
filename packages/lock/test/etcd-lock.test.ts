import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  acquireEtcdLock,
  acquireLocks,
  etcdLockStatus,
  LockHeldError,
  type AcquireEtcdLockOptions,
} from "../src/index.ts";
import { freePort, haveEtcd, startEtcd } from "../../../test/support/start-etcd.ts";

describe.skipIf(!haveEtcd && !process.env["CI"])(
  `locks in etcd${haveEtcd ? "" : " (NOT RUN: needs etcd-server)"}`,
  () => {
    let etcd: Awaited<ReturnType<typeof startEtcd>>;
    let directory: string;
    let endpoint: string;

    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), "scap-etcd-lock-"));
      etcd = await startEtcd();
      endpoint = etcd.endpoint;
    });

    afterAll(async () => {
      await etcd.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    const options = (name: string, extra: Partial<AcquireEtcdLockOptions> = {}): AcquireEtcdLockOptions => ({
      endpoints: [endpoint],
      name,
      reason: "why é",
      timeoutMs: 0,
      ...extra,
    });

    test("only one holder at a time, and the other is told who it is (lock W21)", async () => {
      const lock = await acquireEtcdLock(options("acme/web"));
      const error = await acquireEtcdLock(options("acme/web")).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(LockHeldError);
      expect(String(error)).toContain(`/scap/lock/acme/web is locked by`);
      expect(String(error)).toContain(`pid ${process.pid} on `);
      expect(String(error)).toContain("why é");
      await lock.release();
      await lock.release();
      const next = await acquireEtcdLock(options("acme/web"));
      expect(next.fencingRevision).toBeGreaterThan(lock.fencingRevision);
      await next.release();
    });

    test("a waiting server gets the lock when it is released", async () => {
      const first = await acquireEtcdLock(options("acme/web"));
      const lines: string[] = [];
      const second = await acquireEtcdLock(
        options("acme/web", {
          timeoutMs: 10_000,
          onWaiting: (wait) => {
            lines.push(...wait.lines);
            void first.release();
          },
        }),
      );
      expect(lines).toEqual([expect.stringContaining("why é")]);
      await second.release();
    });

    test("the status shows who holds what, on which server and why", async () => {
      const web = await acquireEtcdLock(options("acme/web"));
      const [status, ...others] = await etcdLockStatus(options("acme/web"));
      expect(status).toMatchObject({
        ...{ path: "/scap/lock/acme/web", global: false, state: "held", mode: "exclusive" },
        ...{ host: hostname(), pid: process.pid, reason: "why é", waiters: [] },
      });
      expect([others, status?.ageSeconds]).toEqual([[], expect.any(Number)]);
      await web.release();
      expect(await etcdLockStatus(options("acme/web"))).toEqual([]);
    });

    test("the global lock excludes all others, both ways", async () => {
      const web = await acquireEtcdLock(options("acme/web"));
      const api = await acquireEtcdLock(options("acme/api"));
      await expect(acquireEtcdLock(options("global"))).rejects.toMatchObject({
        message: expect.stringContaining("/scap/lock/acme/api"),
        hint: expect.stringContaining("/scap/lock/acme/web"),
      });
      await web.release();
      await api.release();
      const all = await acquireEtcdLock(options("global"));
      await expect(acquireEtcdLock(options("acme/web"))).rejects.toThrow("/scap/lock/global is locked by");
      await all.release();
    });

    test("the lease is kept alive while the lock is held", async () => {
      const lock = await acquireEtcdLock(options("acme/kept", { leaseSeconds: 2 }));
      await expect(acquireEtcdLock(options("acme/kept", { timeoutMs: 3500 }))).rejects.toThrow(
        "after waiting",
      );
      expect(lock.lost.aborted).toBe(false);
      await lock.release();
    });

    test("a holder that cannot reach etcd any more learns that it lost the lock, and the next one gets it", async () => {
      let isCut = false;
      const cutFetch: typeof fetch = (...request) =>
        isCut ? Promise.reject(new Error("cut")) : fetch(...request);
      const lock = await acquireEtcdLock(options("acme/cut", { fetch: cutFetch, leaseSeconds: 2 }));
      isCut = true;
      const next = await acquireEtcdLock(options("acme/cut", { timeoutMs: 20_000 }));
      if (!lock.lost.aborted) await once(lock.lost, "abort");
      expect(lock.lost.reason).toMatchObject({ code: "LOCK_LOST" });
      expect(next.fencingRevision).toBeGreaterThan(lock.fencingRevision);
      await lock.release();
      await next.release();
    });

    test("a dead member is skipped", async () => {
      const endpoints = [`http://127.0.0.1:${await freePort()}`, endpoint];
      const lock = await acquireEtcdLock(options("acme/web", { endpoints }));
      expect(lock.key).toBe("/scap/lock/acme/web");
      await lock.release();
    });

    test("without any member there is one clear error", async () => {
      const attempt = acquireEtcdLock(
        options("acme/web", { endpoints: [`http://127.0.0.1:${await freePort()}`] }),
      );
      await expect(attempt).rejects.toMatchObject({
        code: "LOCK_BACKEND_FAILED",
        message: expect.stringMatching(/^No etcd member can be used \(http:.*ECONNREFUSED/),
      });
    });

    test.each(["http://user:secret@127.0.0.1:2379", "127.0.0.1:2379", "ftp://x"])(
      "an endpoint like %s is refused without showing it",
      async (address) => {
        const attempt = acquireEtcdLock(options("acme/web", { endpoints: [address] }));
        await expect(attempt).rejects.toThrow(/^etcd endpoint number 1 is not an http or https address/);
      },
    );

    test("the lock of the host is taken too, and nothing is kept when that fails", async () => {
      const local = {
        path: join(directory, "scap.x.lock"),
        name: "deploy",
        reason: "both",
        timeoutMs: 0,
        globalLock: join(directory, "scap-global-lock"),
      };
      const etcdLock = { endpoints: [endpoint], name: "acme/both" };
      const both = await acquireLocks({ local, etcd: etcdLock });
      expect(both.fencingRevision).toBeGreaterThan(0n);
      await expect(acquireLocks({ local })).rejects.toBeInstanceOf(LockHeldError);
      await expect(acquireLocks({ local, etcd: { ...etcdLock, name: "acme/other" } })).rejects.toThrow(
        "scap.x.lock",
      );
      await (await acquireEtcdLock(options("acme/other"))).release();
      await both.release();
      await (await acquireLocks({ local })).release();
      await (await acquireEtcdLock(options("acme/both"))).release();
    });
  },
);
