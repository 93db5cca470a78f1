import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runScript } from "../../src/server/delivery/run-script.ts";
import { checkScript, type HostCheck } from "../../src/server/doctor/check-script.ts";
import type { HostFacts } from "../../src/server/doctor/host-facts.ts";
import { parseHostFacts } from "../../src/server/doctor/parse-host-facts.ts";
import { localShell } from "./local-shell.ts";

const NEW = "f".repeat(40);

let home: string;
let root: string;
let directory: string;
let commit: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "scap check "));
  root = join(home, "srv/acme/web-cache");
  const fresh = join(root, "revs/new");
  write(join(fresh, "index.php"), "1\n");
  write(join(fresh, "lib/a b.php"), "2\n");
  git(fresh, "init", "-q");
  git(fresh, "add", ".");
  git(fresh, "update-index", "--add", "--cacheinfo", `160000,${NEW},vendor/lib`);
  git(fresh, "commit", "-q", "-m", "one");
  git(fresh, "checkout", "-q", "--detach");
  commit = git(fresh, "rev-parse", "HEAD");
  directory = join(root, "revs", commit);
  renameSync(fresh, directory);
  write(join(directory, "vendor/lib/.git"), "gitdir: elsewhere\n");
  write(join(directory, ".git/scap-complete"), "");
  for (const link of [".done", "current"]) symlinkSync(`revs/${commit}`, join(root, link));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("a look at the revision to go back to", () => {
  it("finds nothing where it is whole", async () => {
    expect((await look({})).back).toEqual({
      ...{ commit, isMissing: false, gone: [], flaws: [], isRendered: true, configFlaws: [] },
    });
  });

  it("finds files and submodules that are gone, whatever their names", async () => {
    rmSync(join(directory, "lib/a b.php"));
    rmSync(join(directory, "vendor"), { recursive: true });
    expect((await look({ hasSubmodules: true })).back?.gone).toEqual(["lib/a b.php", "vendor/lib"]);
  });

  it("is not led astray by what the login tells git", async () => {
    const env = { GIT_DIR: "/nonexistent", GIT_INDEX_FILE: "/nonexistent", GIT_OBJECT_DIRECTORY: home };
    expect((await look({}, env)).back).toMatchObject({ gone: [], flaws: [] });
  });

  it("does not miss submodules that are not deployed", async () => {
    rmSync(join(directory, "vendor/lib/.git"));
    expect((await look({})).back?.gone).toEqual([]);
  });

  it("finds a lost object, an index that cannot be read, and another commit", async () => {
    rmSync(
      join(directory, ".git/objects", git(directory, "rev-parse", "HEAD:index.php").replace(/^../, "$&/")),
    );
    expect((await look({})).back?.flaws).toEqual(["objects"]);
    writeFileSync(join(directory, ".git/index"), "no index");
    expect((await look({})).back?.flaws).toEqual(["index", "objects"]);
    writeFileSync(join(directory, ".git/HEAD"), `${NEW}\n`);
    expect((await look({})).back?.flaws).toContain("head");
  });

  it("does not trust changed files where the checkout was never completed", async () => {
    writeFileSync(join(directory, "index.php"), "half\n");
    expect((await look({})).back?.flaws).toEqual([]);
    rmSync(join(directory, ".git/scap-complete"));
    expect((await look({})).back?.flaws).toEqual(["unfinished"]);
  });

  it("finds configuration that was not rendered, is gone or differs, where it is looked at from", async () => {
    expect((await look({ configDeploy: true })).back?.isRendered).toBe(false);
    write(join(directory, "conf/app.yaml"), "a: 1\n");
    write(join(directory, ".git/config-files/etc/web/app.yaml"), "b: 1\n");
    write(
      join(directory, ".git/scap-config-sums"),
      `${sum("a: 1\n")}  conf/app.yaml\n${sum("b: 1\n")}  /etc/web/app.yaml\n`,
    );
    expect((await look({ configDeploy: true })).back).toMatchObject({ isRendered: true, configFlaws: [] });
    rmSync(join(directory, "conf/app.yaml"));
    write(join(directory, ".git/config-files/etc/web/app.yaml"), "b: 2\n");
    expect((await look({ configDeploy: true })).back?.configFlaws).toEqual([
      "conf/app.yaml",
      ".git/config-files/etc/web/app.yaml",
    ]);
  });

  it("is the revision before, where the finalized one is deployed again", async () => {
    const before = "e".repeat(40);
    expect((await look({ commit })).back).toBeUndefined();
    write(join(root, "revs", before, ".git/scap-promoted"), "");
    write(join(directory, ".git/scap-promoted"), "");
    const facts = await look({ commit });
    expect(facts.back?.commit).toBe(before);
    expect(facts.hasRevision).toBe(true);
  });
});

it.each([
  ["each other", "current", ".done"],
  ["a place outside", "/", "/"],
  ["no revision", "revs/latest", "revs/latest"],
])("takes links for lost that lead to %s", async (_where, done, current) => {
  for (const [link, text] of Object.entries({ ".done": done, current })) {
    rmSync(join(root, link));
    symlinkSync(text, join(root, link));
  }
  write(join(directory, ".git/scap-promoted"), "");
  write(join(root, ".scap/verdicts"), JSON.stringify({ [commit]: { verdict: "good" } }));
  expect(await look({})).toMatchObject({ current: null, lost: commit, back: { commit, flaws: [] } });
});

it("follows a link that leads to another", async () => {
  rmSync(join(root, ".done"));
  symlinkSync("current", join(root, ".done"));
  expect(await look({})).toMatchObject({ current: commit, done: commit, lost: null, back: { commit } });
});

it("says nothing of objects where git is missing", async () => {
  const bin = join(home, "bin");
  mkdirSync(bin);
  for (const tool of ["readlink", "sed", "ls", "df", "tail", "date", "id", "grep", "head"])
    symlinkSync(`/usr/bin/${tool}`, join(bin, tool));
  const facts = await look({}, { PATH: bin });
  expect(facts.missing).toContain("git");
  expect(facts.back).toMatchObject({ commit, flaws: [], gone: [] });
});

it("tells room, clock, user and programs of a host where nothing is deployed", async () => {
  rmSync(root, { recursive: true });
  const facts = await look({});
  expect(facts).toMatchObject({ current: null, done: null, back: undefined, unwritable: [], hasNode: true });
  expect(Math.abs(facts.clock - Date.now() / 1000)).toBeLessThan(5);
  expect(facts.deployRoom.freeBytes).toBeGreaterThan(0);
  expect(facts.final).toBe(join(home, "srv/acme/web"));
});

it("looks past a cache directory that is no place", async () => {
  expect((await look({}, { XDG_CACHE_HOME: "cache" })).unwritable).toEqual([]);
});

it("misses the program that keeps large files, and what it starts", async () => {
  expect((await look({ hasFat: true })).missing).toContain("git-fat");
  expect((await look({})).missing).toEqual([]);
});

async function look(
  check: Partial<HostCheck>,
  env: Readonly<Record<string, string>> = {},
): Promise<HostFacts> {
  const script = checkScript({
    ...{
      repo: "acme/web",
      gitDeployDir: join(home, "srv"),
      commit: NEW,
      hasSubmodules: false,
      hasLfs: false,
      hasFat: false,
      configDeploy: false,
    },
    ...check,
  });
  const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
  const facts = parseHostFacts((await runScript(localShell({ home, path, env }), script)).stdout);
  if (facts === undefined) throw new Error("the script did not end");
  return facts;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function sum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function git(cwd: string, ...args: string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  return execFileSync("git", [...who, ...args], { cwd, encoding: "utf8" }).trim();
}
