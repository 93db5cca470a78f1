import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, startScap, type ScapCall, type ScapResult } from "./support/run-scap.ts";
import {
  fillDisk,
  freeDisk,
  mountSmallDisk,
  smallDiskObstacle,
  unmountSmallDisk,
} from "./support/small-disks.ts";

const HOSTS = ["web1", "web2"];
const PAGE_BYTES = 4096;
/** More than a deployment of the sample needs on the deploy server. */
const MOST_PAGES = 32;
requireUnderCi("a small disk", smallDiskObstacle);

let lab: Lab;
let disk: string;
let checkout: Checkout;
let count = 0;

describe.skipIf(smallDiskObstacle !== undefined)(
  `the deploy server's disk is full${smallDiskObstacle === undefined ? "" : ` (NOT RUN: ${smallDiskObstacle})`}`,
  () => {
    beforeAll(async () => {
      lab = await startEmbeddedLab({ hosts: HOSTS });
    });
    afterAll(() => lab.close());
    beforeEach(() => {
      disk = mkdtempSync(join(tmpdir(), "scap-disk-"));
      mountSmallDisk(disk, 8 * 1024 * 1024);
      for (const name of ["app", "lock", "tmp"]) mkdirSync(join(disk, name));
      checkout = new Checkout(
        scapFiles(HOSTS, { git_repo: `test/disk${++count}`, lock_dir: join(disk, "lock") }),
        { directory: join(disk, "app") },
      );
    });
    afterEach(() => {
      unmountSmallDisk(disk);
      rmSync(disk, { recursive: true });
    });

    it("before the lock is taken: one sentence, and the lock is free", async () => {
      fillDisk(disk);
      const { status, stderr } = await scap("deploy", "one");
      expect(stderr).toMatch(
        /^scap: Cannot write the note into lock file .*\nLook for a full or read-only file system\.\n$/,
      );
      expect(status).toBe(1);
      freeDisk(disk);
      expect((await deploy("two")).status).toBe(0);
    });

    it("at any later moment: the reason is told, nothing is half published, and the lock is free (deploy W21)", async () => {
      let pages = 0;
      for (; pages < MOST_PAGES; pages++) {
        const before = published();
        fillDisk(disk, pages * PAGE_BYTES);
        const { status, stderr } = await deploy("little room", "-D", `lock_dir:${lab.directory}`);
        freeDisk(disk);
        if (status === 0) break;
        expect(stderr).toMatch(/no space left on device|Out of diskspace|couldn't write/i);
        expect(stderr).toMatch(/free (some )?space|full or failing disk/i);
        expect(stderr).not.toMatch(/^ +at /m);
        if (!stderr.includes("Started deploy")) expect(published()).toEqual(before);
        expect(logNames()).toEqual(tagNames());
        expect(
          readdirSync(join(disk, "app/.git")).filter((name) => /^DEPLOY_HEAD.|lock$|packs/.test(name)),
        ).toEqual([]);
      }
      expect(pages).toBeGreaterThan(2);
      expect(pages).toBeLessThan(MOST_PAGES);
      expect(HOSTS.map(live)).toEqual(["1", "1"]);
    });

    it("in the middle of a deployment: its log breaks off, and it goes on", async () => {
      const call = await startUntilPromote();
      fillDisk(disk);
      const { status, stderr } = await call.result;
      expect(stderr).toMatch(
        /^warning: Cannot write the log file .*: ENOSPC.*; records are dropped until it works$/m,
      );
      expect(status).toBe(0);
      freeDisk(disk);
      expect(HOSTS.map(live)).toEqual(["1", "1"]);
      expect((await scap("deploy", "--resume")).status).toBe(0);
      checkout.commit({ "version.txt": "2\n" });
      expect((await deploy("next")).status).toBe(0);
    });

    it("when a later group needs a pack of its own: what the first group got is taken back", async () => {
      expect((await deploy("one")).status).toBe(0);
      checkout.commit({ "version.txt": "2\n" });
      expect((await deploy("two", "-l", "web1")).status).toBe(0);
      checkout.commit({ "version.txt": "3\n", "random.bin": noise() });
      const call = await startUntilPromote();
      fillDisk(disk);
      const { status, stderr, stdout } = await call.result;
      expect(stderr).not.toMatch(/^ +at /m);
      expect(stdout).toContain("the deploy server cannot pack the revision");
      expect(stdout).toContain('"outcome": "rolled-back"');
      expect(status).toBe(1);
      expect(HOSTS.map(live)).toEqual(["2", "1"]);
      freeDisk(disk);
      expect((await deploy("again")).status).toBe(0);
      expect(HOSTS.map(live)).toEqual(["3", "3"]);
    });
  },
);

function start(...args: string[]): ScapCall {
  return startScap(args, {
    cwd: checkout.directory,
    env: { ...lab.env, TMPDIR: join(disk, "tmp") },
  });
}

function scap(...args: string[]): Promise<ScapResult> {
  const env = { ...lab.env, TMPDIR: join(disk, "tmp") };
  return runScap(args, { cwd: checkout.directory, env });
}

async function deploy(message: string, ...flags: string[]): Promise<ScapResult> {
  return await scap("deploy", "--lock-timeout", "20s", ...flags, message);
}

async function startUntilPromote(): Promise<ScapCall> {
  const call = start("deploy", "--json", "it runs full");
  const place = '"group": "canary", "label": "canary", "stage": "promote"';
  await call.until(`"event": "stage.host.started", ${place}`);
  return call;
}

/** What tells others of deployments. */
function published(): unknown {
  const tags = checkout.git("tag", "--list");
  const path = join(disk, "app/.git/DEPLOY_HEAD");
  return { tags, head: tags === "" ? "" : readFileSync(path, "utf8") };
}

function live(host: string): string {
  const path = join(lab.host(host).deployDir, "test", `disk${count}`, "version.txt");
  return readFileSync(path, "utf8").trim();
}

function tagNames(): string[] {
  return checkout
    .git("tag", "--list")
    .split("\n")
    .filter(Boolean)
    .map((tag) => `${tag.replaceAll("/", "-")}.log`);
}

/** The logs of deployments, empty ones too. */
function logNames(): string[] {
  const directory = join(disk, "app/scap/log");
  return existsSync(directory) ? readdirSync(directory).toSorted() : [];
}

/** Text that no compression makes small. */
function noise(): string {
  return Array.from({ length: 4000 }, () => Math.random().toString(36)).join("");
}
