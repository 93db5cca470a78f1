/** Configuration on a disk that gets full: while its files are written, and when they are to go live. */
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPackStore, openRepository } from "@scap/git";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { requireUnderCi } from "../../../test/support/require-under-ci.ts";
import {
  fillDisk,
  freeDisk,
  mountSmallDisk,
  smallDiskObstacle,
  unmountSmallDisk,
} from "../../../test/support/small-disks.ts";
import { WorkerProcess, type Reply } from "./worker-process.ts";

const DISK_BYTES = 24 * 1024 * 1024;
/** What is left free is room for the small file, and not for the large one. */
const ROOM_BYTES = 64 * 1024;
/** The directory itself, the links of the first deployment and a file of somebody else. */
const ETC_FILES = 4;
requireUnderCi("a disk of its own for a host", smallDiskObstacle);

describe.skipIf(smallDiskObstacle !== undefined)(
  `a full disk${smallDiskObstacle === undefined ? "" : ` (NOT RUN: ${smallDiskObstacle})`}`,
  () => {
    let directory: string;
    let worker: WorkerProcess;
    const workers: WorkerProcess[] = [];
    let commits: readonly [string, string];
    const path = (...names: string[]): string => join(directory, ...names);

    beforeAll(async () => {
      directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-full-disk-test-")));
      for (const name of ["source", "srv", "etc"]) mkdirSync(path(name));
      mountSmallDisk(path("srv"), DISK_BYTES);
      mountSmallDisk(path("etc"), DISK_BYTES, ETC_FILES);
      git("init", "--quiet");
      commits = [commit("1"), commit("2")];
      const first = await start(1, ["small.conf", "large.conf"]);
      for (const name of ["config_deploy", "promote", "finalize"]) await must(first, name);
      await first.close();
      writeFileSync(path("etc/foreign.conf"), "foreign");
      worker = await start(2, ["small.conf", "large.conf", "new.conf", "foreign.conf"]);
    });
    afterEach(() => freeDisk(path("srv")));
    afterAll(async () => {
      for (const each of workers) await each.close();
      for (const name of ["srv", "etc"]) unmountSmallDisk(path(name));
      rmSync(directory, { recursive: true, force: true });
    });

    function git(...args: string[]): string {
      const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
      return execFileSync("git", [...identity, ...args], { cwd: path("source"), encoding: "utf8" });
    }

    function commit(version: string): string {
      writeFileSync(path("source/v"), version);
      git("add", "v");
      git("commit", "--quiet", "-m", version);
      return git("rev-parse", "HEAD").trim();
    }

    /** A worker that has fetched the revision with this version. */
    async function start(version: 1 | 2, names: readonly string[]): Promise<WorkerProcess> {
      const started = new WorkerProcess();
      workers.push(started);
      const place = { repo: "web", gitDeployDir: path("srv"), run: `00000${version}`, writer: true };
      const files = names.map((name) => ({
        name: path("etc", name),
        output_format: null,
        template: name === "large.conf" ? "{{ v }}{{ 'x' * 200000 }}" : "{{ v }}",
        erb_syntax: false,
      }));
      const config = JSON.stringify({ files, override_vars: { v: version } });
      const revision = commits[version - 1] ?? "";
      const deployInfo = `commit: ${revision}\ntag: t\nconfig_deploy: true\nconfig_files: ${config}\n`;
      const sha256 = createHash("sha256").update(deployInfo).digest("hex");
      for (const request of [
        { op: "hello", protocol: 1, ...place },
        { op: "publish", deployInfo, sha256, dryRun: false },
      ]) {
        expect((await started.ask(request)).error).toBeUndefined();
      }
      const store = await createPackStore(await openRepository(path("source")));
      const pack = await store.pack({ commit: revision, bases: [] });
      const { indexBytes, payloadBytes } = pack;
      const request = { op: "pack", commit: revision, bases: [], refs: {}, indexBytes, payloadBytes };
      const answer = await started.ask({ ...request, sha256: pack.sha256 }, pack.open());
      expect(answer.error).toBeUndefined();
      await store.dispose();
      await must(started, "fetch");
      return started;
    }

    async function stage(asked: WorkerProcess, name: string): Promise<Reply["error"]> {
      return (await asked.ask({ op: "stage", stage: name, force: false, timeoutMs: 60_000 })).error;
    }

    async function must(asked: WorkerProcess, name: string): Promise<void> {
      expect(await stage(asked, name)).toBeUndefined();
    }

    /** What programs read, and the names in the place where they look. */
    function live(): { code: string; small: string; large: string; names: string[] } {
      const [code, small, large] = ["srv/web/v", "etc/small.conf", "etc/large.conf"].map((name) =>
        readFileSync(path(name), "utf8").slice(0, 1),
      );
      return {
        code: code ?? "",
        small: small ?? "",
        large: large ?? "",
        names: readdirSync(path("etc")).toSorted(),
      };
    }

    const names = ["foreign.conf", "large.conf", "small.conf"];
    const first = { code: "1", small: "1", large: "1", names };

    /** Gives the disk of the links room for so many files. */
    function allowFiles(count: number): void {
      execFileSync("mount", ["-o", `remount,nr_inodes=${count}`, path("etc")]);
    }

    function renderedFiles(): string[] {
      const root = path("srv/web-cache/revs", commits[1], ".git/config-files");
      return readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name);
    }

    it("ends the writing with the name of the file, and leaves none of the new files and all of the old", async () => {
      fillDisk(path("srv"), ROOM_BYTES);
      expect(await stage(worker, "config_deploy")).toMatchObject({
        code: "DISK_FULL",
        message: `Config file ${path("etc/large.conf")} cannot be written, so none was changed: the disk is full`,
        hint: "Free some space on the host and deploy again.",
      });
      expect(renderedFiles()).toEqual([]);
      expect(live()).toEqual(first);
    });

    it("keeps the old code and configuration together when the switch has no room for its notes", async () => {
      await must(worker, "config_deploy");
      fillDisk(path("srv"));
      expect(await stage(worker, "promote")).toMatchObject({ code: "DISK_FULL" });
      expect(live()).toEqual(first);
    });

    it.each([
      ["a new link", "new.conf", ETC_FILES],
      ["the backup of a file that a link replaces", "foreign.conf", ETC_FILES + 1],
      ["the link that replaces it", "foreign.conf", ETC_FILES + 2],
    ])("keeps them when there is no room for %s", async (_what, name, files) => {
      allowFiles(files);
      const error = await stage(worker, "promote");
      expect(error).toMatchObject({ code: "DISK_FULL" });
      // A new link has another name until it is complete.
      expect(error?.message).toContain(path("etc"));
      expect(error?.message).toContain(name);
      expect(live()).toEqual(first);
      expect(readFileSync(path("etc/foreign.conf"), "utf8")).toBe("foreign");
    });

    it("goes live, with a backup of the replaced file, when there is room", async () => {
      allowFiles(20);
      await must(worker, "promote");
      const { names: now, ...contents } = live();
      expect(contents).toEqual({ code: "2", small: "2", large: "2" });
      expect(readFileSync(path("etc/foreign.conf"), "utf8")).toBe("2");
      const backups = now.filter((name) => name.startsWith("foreign.conf."));
      expect(backups.map((name) => readFileSync(path("etc", name), "utf8"))).toEqual(["foreign"]);
      expect(now.filter((name) => !backups.includes(name))).toEqual([...names, "new.conf"].toSorted());
    });
  },
);
