import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CdbEntry, encodeCdb, refreshCdbDirectory } from "../src/index.ts";
import { CDB, cdb, run } from "./run-cdb.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "cdb-trouble-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const LANGS = Array.from({ length: 12 }, (_, n) => `x${n}.cdb`);
const VALUES = Array.from({ length: 4000 }, (_, n): CdbEntry => [`message ${n}`, `é${n}`.repeat(20)]);
const cdbOf = (name: string): Buffer => encodeCdb([["name", name], ...VALUES]);

/** CDB files with their JSON and MD5 files. */
async function prepare(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) writeFileSync(join(folder, name), cdbOf(name));
  await refreshCdbDirectory({ directory: folder, threads: 1 });
}

function removeCdbs(names: readonly string[]): void {
  for (const name of names) rmSync(join(directory, name));
}

function temporaryFiles(folder: string): string[] {
  return [...readdirSync(folder), ...readdirSync(join(folder, "upstream"))].filter((name) =>
    name.endsWith(".tmp"),
  );
}

test("a rebuild that is killed leaves only whole files, and the next one does the rest", async () => {
  await prepare(directory, LANGS);
  removeCdbs(LANGS);
  const child = spawn(process.execPath, [CDB, "rebuild", directory, "--threads", "2"], { stdio: "ignore" });
  const closed = once(child, "close");
  // Until it is at work; should it end before that, there is nothing to kill and the rest must hold too.
  while (child.exitCode === null && !readdirSync(directory).some((name) => /\.cdb(\.|$)/.test(name)))
    await new Promise((resolve) => setTimeout(resolve, 1));
  child.kill("SIGKILL");
  await closed;
  for (const name of LANGS.filter((file) => existsSync(join(directory, file))))
    expect(readFileSync(join(directory, name)).equals(cdbOf(name))).toBe(true);
  expect(await cdb(["rebuild", directory])).toMatchObject({ code: 0, stderr: "" });
  for (const name of LANGS) expect(readFileSync(join(directory, name)).equals(cdbOf(name))).toBe(true);
  expect(temporaryFiles(directory)).toEqual([]);
});

test("a refresh that is killed leaves only whole files, and the next one does the rest", async () => {
  for (const name of LANGS) writeFileSync(join(directory, name), cdbOf(name));
  const upstream = join(directory, "upstream");
  const child = spawn(process.execPath, [CDB, "refresh", directory, "--threads", "2"], { stdio: "ignore" });
  const closed = once(child, "close");
  while (child.exitCode === null && !(existsSync(upstream) && readdirSync(upstream).length > 0))
    await new Promise((resolve) => setTimeout(resolve, 1));
  child.kill("SIGKILL");
  await closed;
  const texts = readdirSync(upstream).filter((name) => name.endsWith(".json"));
  for (const name of texts)
    expect(() => JSON.parse(readFileSync(join(upstream, name), "utf8"))).not.toThrow();
  expect(await cdb(["refresh", directory])).toMatchObject({ code: 0, stderr: "" });
  for (const name of LANGS) {
    const md5 = createHash("md5").update(cdbOf(name)).digest("hex");
    expect(readFileSync(join(upstream, `${name}.MD5`), "utf8")).toBe(md5);
  }
  expect(temporaryFiles(directory)).toEqual([]);
});

test("two processes that rebuild and two that refresh at once do not disturb each other", async () => {
  await prepare(directory, LANGS);
  const commands = [
    ["rebuild", directory, "--force", "--threads", "2"],
    ["rebuild", directory, "--force", "--threads", "1"],
    ["refresh", directory, "--threads", "2"],
    ["refresh", directory, "--threads", "1"],
  ];
  const results = await Promise.all(commands.map(async (args) => await cdb(args)));
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(commands.map(() => [0, ""]));
  for (const name of LANGS) expect(readFileSync(join(directory, name)).equals(cdbOf(name))).toBe(true);
  expect(temporaryFiles(directory)).toEqual([]);
  expect((await cdb(["rebuild", directory])).stdout).toBe(
    `${directory}: 0 CDB files written (12 unchanged)\n`,
  );
});

const isRoot = process.getuid?.() === 0;
describe.skipIf(!isRoot && process.env["CI"] === undefined)(
  `a small file system${isRoot ? "" : " (NOT RUN: needs root, to mount one)"}`,
  () => {
    const small = (): string => join(directory, "small");
    beforeEach(async () => {
      mkdirSync(small());
      expect((await run("mount", ["-t", "tmpfs", "-o", "size=2m", "none", small()])).code).toBe(0);
    });
    afterEach(async () => {
      expect((await run("umount", [small()])).code).toBe(0);
    });

    test("that is full keeps the old files of a rebuild and names what could not be written", async () => {
      await prepare(small(), ["a.cdb"]);
      const old = statSync(join(small(), "a.cdb"), { bigint: true });
      fill();
      const { code, stdout, stderr } = await cdb(["rebuild", small(), "--force"]);
      expect([code, stdout]).toEqual([1, `${small()}: 0 CDB files written (1 failed: a.cdb)\n`]);
      expect(stderr).toContain(`cdb: ${small()}/a.cdb: cannot write: no space left on the disk\n`);
      expect(statSync(join(small(), "a.cdb"), { bigint: true })).toMatchObject({
        ino: old.ino,
        size: old.size,
      });
      expect(temporaryFiles(small())).toEqual([]);
    });

    test("that is full keeps the old files of a refresh too", async () => {
      await prepare(small(), ["a.cdb"]);
      const json = readFileSync(join(small(), "upstream", "a.cdb.json"));
      writeFileSync(join(small(), "upstream", "a.cdb.MD5"), "another");
      fill();
      const { code, stderr } = await cdb(["refresh", small()]);
      const path = join(small(), "upstream", "a.cdb.json");
      expect([code, stderr]).toEqual([1, `cdb: ${path}: cannot write: no space left on the disk\n`]);
      expect(readFileSync(path).equals(json)).toBe(true);
      expect(readFileSync(join(small(), "upstream", "a.cdb.MD5"), "utf8")).toBe("another");
      expect(temporaryFiles(small())).toEqual([]);
    });

    test("that is read-only is named by rebuild, refresh and make", async () => {
      await prepare(small(), ["a.cdb"]);
      expect((await run("mount", ["-o", "remount,ro", small()])).code).toBe(0);
      const rebuild = await cdb(["rebuild", small(), "--force"]);
      expect([rebuild.code, rebuild.stderr]).toEqual([
        1,
        expect.stringMatching(/a\.cdb\.\S+\.tmp: cannot create: the file system is read-only\n/),
      ]);
      writeFileSync(join(directory, "in"), "+1,1:k->v\n\n");
      const make = await cdb(["make", join(small(), "b.cdb"), join(directory, "in")]);
      expect([make.code, make.stderr]).toEqual([
        1,
        expect.stringContaining("cannot create: the file system is read-only"),
      ]);
      // Nothing has changed, so that nothing has to be written.
      expect(await cdb(["refresh", small()])).toMatchObject({ code: 0, stderr: "" });
    });

    function fill(): void {
      try {
        writeFileSync(join(small(), "fill"), Buffer.alloc(4 << 20));
      } catch {
        // That was the plan.
      }
    }
  },
);
