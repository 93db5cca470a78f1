import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { serveLargeFile } from "./support/large-file-server.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2"];
/** Lets git use repositories on this disk as submodules, as those on a server are. */
const LOCAL = ["-c", "protocol.file.allow=always"];

let lab: Lab;
let checkout: Checkout;
let upstream: string;
let count = 0;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(() => {
  count++;
  upstream = realpathSync(mkdtempSync(join(tmpdir(), "scap-upstream-")));
  checkout = new Checkout(files());
});
afterEach(() => {
  checkout.remove();
  rmSync(upstream, { recursive: true, force: true });
});

function files(config: Record<string, string> = {}): Record<string, string> {
  return scapFiles(HOSTS, { git_repo: `test/git${count}`, ...config });
}

function scap(cwd: string, ...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd, env: lab.env });
}

/** A path in the live revision of a host, as seen from here. */
function live(host: string, ...parts: string[]): string {
  return lab.host(host).outside(join(lab.host(host).deployDir, "test", `git${count}`, ...parts));
}

function read(host: string, ...parts: string[]): string {
  return readFileSync(live(host, ...parts), "utf8");
}

function gitOn(host: string, path: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: live(host, path), encoding: "utf8" }).trim();
}

/** A repository with one file, outside of the checkout. */
function repository(name: string, text: string): (...args: string[]) => string {
  const directory = join(upstream, name);
  const git = (...args: string[]): string =>
    execFileSync("git", [...LOCAL, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args], {
      cwd: directory,
      encoding: "utf8",
    }).trim();
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", directory]);
  writeFileSync(join(directory, `${name}.txt`), text);
  git("add", "--all");
  git("commit", "--quiet", "-m", "x");
  return git;
}

/** Gives the checkout a submodule with another name than its path, and one nested in it with a relative URL. */
function addSubmodules(): void {
  repository("inner", "inner 1\n");
  const lib = repository("lib", "lib 1\n");
  lib("submodule", "--quiet", "add", "../inner", "deep/inner");
  lib("commit", "--quiet", "-m", "nested");
  checkout.git(
    ...LOCAL,
    "submodule",
    "--quiet",
    "add",
    "--name",
    "oname",
    join(upstream, "lib"),
    "vendor/lib",
  );
  checkout.git(...LOCAL, "submodule", "--quiet", "update", "--init", "--recursive");
}

describe("submodules", () => {
  it("come over the connection, nested ones too, and follow the revision back and forth (G33) (G34) (G35) (G36) (git W19) (git W20)", async () => {
    addSubmodules();
    checkout.commit(files({ git_submodules: "true" }));
    const first = await scap(checkout.directory, "deploy", "one");
    expect(first.stderr).toContain("Finished deploy");
    expect(read("web1", "vendor/lib/lib.txt")).toBe("lib 1\n");
    expect(read("web2", "vendor/lib/deep/inner/inner.txt")).toBe("inner 1\n");
    expect(gitOn("web1", "", "status", "--porcelain")).toBe("");
    expect(gitOn("web1", "vendor/lib", "config", "lfs.url")).toBe(`${join(upstream, "lib")}/info/lfs`);
    expect(gitOn("web1", "vendor/lib/deep/inner", "config", "remote.origin.url")).toBe(
      join(upstream, "inner"),
    );

    writeFileSync(join(checkout.directory, "vendor/lib/lib.txt"), "lib 2\n");
    const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    execFileSync("git", [...identity, "commit", "--quiet", "-am", "y"], {
      cwd: join(checkout.directory, "vendor/lib"),
    });
    checkout.commit({});
    expect((await scap(checkout.directory, "deploy", "two")).status).toBe(0);
    expect(read("web1", "vendor/lib/lib.txt")).toBe("lib 2\n");
    expect((await scap(checkout.directory, "deploy", "-r", "HEAD~1", "back")).status).toBe(0);
    expect(read("web1", "vendor/lib/lib.txt")).toBe("lib 1\n");
  });

  it("come from upstream when that is wanted, without a git_server", async () => {
    addSubmodules();
    checkout.commit(files({ git_submodules: "true", git_upstream_submodules: "true" }));
    checkout.git("submodule", "--quiet", "deinit", "--force", "--all");
    rmSync(join(checkout.directory, ".git/modules"), { recursive: true });
    expect(await scap(checkout.directory, "deploy", "one")).toMatchObject({ status: 0 });
    expect(read("web2", "vendor/lib/deep/inner/inner.txt")).toBe("inner 1\n");
    expect(gitOn("web2", "vendor/lib", "config", "remote.origin.url")).toBe(join(upstream, "lib"));
  });

  it("that the checkout lacks stop the deployment before anything is tagged", async () => {
    addSubmodules();
    checkout.commit(files({ git_submodules: "true" }));
    rmSync(join(checkout.directory, ".git/modules/oname"), { recursive: true });
    const { status, stderr } = await scap(checkout.directory, "deploy", "one");
    expect(stderr).toMatch(/submodule vendor\/lib \([0-9a-f]{7}\)/);
    expect(stderr).toContain("git submodule update --init --recursive");
    expect(status).toBe(1);
    expect(checkout.git("tag", "--list")).toBe("");
  });
});

describe("a checkout", () => {
  it("may have no submodules although they are wanted: that is a warning (G37)", async () => {
    checkout.commit(files({ git_submodules: "true" }));
    const { status, stderr } = await scap(checkout.directory, "deploy", "--init");
    expect(stderr).toMatch(/^warning: git_submodules is set, but [0-9a-f]{7} has no submodules$/m);
    expect(status).toBe(0);
  });

  it("may be a worktree with submodules (G24)", async () => {
    addSubmodules();
    checkout.commit(files({ git_submodules: "true" }));
    const worktree = join(upstream, "worktree");
    checkout.git("worktree", "add", "--quiet", worktree, "-b", "other");
    execFileSync("git", [...LOCAL, "submodule", "--quiet", "update", "--init", "--recursive"], {
      cwd: worktree,
    });
    rmSync(join(checkout.directory, ".git/modules"), { recursive: true });
    const { status, stderr } = await scap(worktree, "deploy", "from a worktree");
    expect(stderr).toContain("Finished deploy");
    expect(status).toBe(0);
    expect(read("web1", "vendor/lib/lib.txt")).toBe("lib 1\n");
    expect(existsSync(join(checkout.directory, ".git/worktrees/worktree/DEPLOY_HEAD"))).toBe(true);
  });

  it("may name its objects with SHA-256", async () => {
    checkout.remove();
    checkout = new Checkout(files(), { objectFormat: "sha256" });
    const commit = checkout.git("rev-parse", "HEAD");
    expect(commit).toHaveLength(64);
    expect(await scap(checkout.directory, "deploy", "long ids")).toMatchObject({ status: 0 });
    expect(gitOn("web1", "", "rev-parse", "HEAD")).toBe(commit);
    checkout.commit({ "version.txt": "2\n" });
    expect(await scap(checkout.directory, "deploy", "again")).toMatchObject({ status: 0 });
    expect(read("web2", "version.txt")).toBe("2\n");
  });

  it.each([
    ["shallow", ["--depth", "1"]],
    ["partial", ["--filter=blob:none"]],
  ])("may be a %s clone", async (_kind, options) => {
    checkout.commit({ "version.txt": "2\n" });
    checkout.commit({ "version.txt": "3\n" });
    checkout.git("config", "uploadpack.allowFilter", "true");
    const clone = join(upstream, "clone");
    const url = `file://${checkout.directory}`;
    execFileSync("git", [...LOCAL, "clone", "--quiet", ...options, url, clone]);
    const { status, stderr } = await scap(clone, "deploy", "one");
    expect(stderr).toContain("Finished deploy");
    expect(status).toBe(0);
    expect(read("web1", "version.txt")).toBe("3\n");
    expect(gitOn("web1", "", "log", "--format=%s")).toMatch(/^change/);
    expect(gitOn("web1", "", "status", "--porcelain")).toBe("");

    checkout.commit({ "version.txt": "1\n" });
    const again = options.filter((option) => !option.startsWith("--filter"));
    execFileSync("git", ["fetch", "--quiet", ...again], { cwd: clone });
    execFileSync("git", ["reset", "--quiet", "--hard", "origin/main"], { cwd: clone });
    expect(await scap(clone, "deploy", "two")).toMatchObject({ status: 0 });
    expect(read("web2", "version.txt")).toBe("1\n");
    expect(gitOn("web2", "", "fsck", "--connectivity-only")).not.toMatch(/missing|broken/);
  });

  it("may become whole, and go back to before what shallow deployments brought", async () => {
    const before = checkout.git("rev-parse", "HEAD");
    checkout.commit({ "version.txt": "2\n" });
    const clone = join(upstream, "clone");
    const url = `file://${checkout.directory}`;
    execFileSync("git", [...LOCAL, "clone", "--quiet", "--depth", "1", url, clone]);
    expect(await scap(clone, "deploy", "one")).toMatchObject({ status: 0 });
    execFileSync("git", ["fetch", "--quiet", "--unshallow"], { cwd: clone });
    expect(await scap(clone, "deploy", "--rev", before, "back")).toMatchObject({ status: 0 });
    expect(read("web2", "version.txt")).toBe("1\n");
    expect(gitOn("web2", "", "fsck", "--connectivity-only")).not.toMatch(/missing|broken/);
  });
});

const hasLfs = (() => {
  try {
    execFileSync("git", ["lfs", "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!hasLfs && process.env["CI"] !== undefined) throw new Error("CI must have git-lfs");

describe.skipIf(!hasLfs)(`large files of git-lfs${hasLfs ? "" : " (NOT RUN: needs git-lfs)"}`, () => {
  it("come over the connection, once, without any server of large files (G46) (G47)", async () => {
    checkout.git("lfs", "install", "--local", "--skip-repo");
    checkout.git("remote", "add", "origin", "http://127.0.0.1:9/nobody-listens");
    const lfs = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
    checkout.commit({ ...files({ git_binary_manager: "git-lfs" }), ...lfs, "a.bin": "large 1\n" });
    const first = await scap(checkout.directory, "deploy", "one");
    expect(first.stderr).toContain("Finished deploy");
    expect(read("web1", "a.bin")).toBe("large 1\n");
    expect(gitOn("web1", "", "status", "--porcelain")).toBe("");
    expect(gitOn("web1", "", "config", "lfs.url")).toBe("http://127.0.0.1:9/nobody-listens/info/lfs");
    checkout.commit({ "b.bin": "large 2\n" });
    expect(await scap(checkout.directory, "deploy", "two")).toMatchObject({ status: 0 });
    expect([read("web2", "a.bin"), read("web2", "b.bin")]).toEqual(["large 1\n", "large 2\n"]);
  });

  it("in the checkout are no changes, and its configuration has the filters afterwards (G47)", async () => {
    checkout.git("lfs", "install", "--local", "--skip-repo");
    const lfs = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
    checkout.commit({ ...files({ git_binary_manager: "git-lfs" }), ...lfs, "a.bin": "large\n" });
    checkout.git("config", "--remove-section", "filter.lfs");
    writeFileSync(join(checkout.directory, ".git/hooks/pre-push"), "#!/bin/sh\n# ours\n", { mode: 0o755 });
    const { status, stderr } = await scap(checkout.directory, "deploy", "--init");
    expect(stderr).not.toContain("not committed");
    expect(status).toBe(0);
    expect(checkout.git("status", "--porcelain")).toBe("");
    expect(checkout.git("config", "--local", "filter.lfs.clean")).toBe("git-lfs clean -- %f");
    expect(readFileSync(join(checkout.directory, ".git/hooks/pre-push"), "utf8")).toContain("# ours");
  });

  it("that are pointers in the checkout, without any server, are told of before and after", async () => {
    const lfs = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"7".repeat(64)}\nsize 12000\n`;
    checkout.commit({ ...files({ git_binary_manager: "git-lfs" }), ...lfs, "a.bin": pointer });
    const lack = "this checkout lacks the content of 1 large file (12 kB)";
    expect(await scap(checkout.directory, "doctor")).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`problem: ${lack}, and has no origin to fetch from\n`),
    });
    checkout.git("remote", "add", "origin", "http://127.0.0.1:9/nobody-listens");
    expect(await scap(checkout.directory, "doctor")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`note: ${lack}, which each host fetches from the origin\n`),
    });
    const { status, stderr } = await scap(checkout.directory, "deploy", "one");
    expect(status).toBe(1);
    expect(stderr).toContain(
      "web1: fetch failed: the content of large files could not be fetched (git lfs pull",
    );
    expect(stderr).toContain(
      "    Run 'git lfs fetch' in the checkout, which then sends them over SSH, or let",
    );
  });

  it("that are pointers in the checkout come from the server of large files", async () => {
    const server = await serveLargeFile("large from afar\n");
    try {
      checkout.git("remote", "add", "origin", server.url);
      const lfs = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
      checkout.commit({ ...files({ git_binary_manager: "git-lfs" }), ...lfs, "a.bin": server.pointer });
      const { status, stderr } = await scap(checkout.directory, "deploy", "one");
      expect(stderr).not.toContain("not committed");
      expect(status).toBe(0);
      expect(read("web1", "a.bin")).toBe("large from afar\n");
      expect(gitOn("web1", "", "status", "--porcelain")).toBe("");
      expect(readFileSync(join(checkout.directory, "a.bin"), "utf8")).toBe(server.pointer);
    } finally {
      await server.close();
    }
  });
});
