import { execFile, execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, startDeployServer, type DeployServer, type Ended } from "./deploy-server.ts";
import { DEPLOY_LOCAL } from "./worker-process.ts";

let directory: string;
let server: DeployServer;
let final: string;
let root: string;
beforeEach(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-interworking-test-")));
  server = await startDeployServer(directory);
  final = join(directory, "srv/acme/web");
  root = `${final}-cache`;
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Does not block: the deploy server is in this process. */
async function git(cwd: string, ...args: string[]): Promise<string> {
  const words = ["-c", "advice.detachedHead=false", ...args];
  return (await promisify(execFile)("git", words, { cwd, timeout: 20_000 })).stdout.trim();
}

function link(path: string, target: string): void {
  rmSync(path, { force: true });
  symlinkSync(relative(dirname(path), target), path);
}

/** The stages of Python Scap, with the very git commands that it runs. */
const python = {
  async fetch(commit: string): Promise<void> {
    const url = `http://${server.address}/acme/web/.git`;
    const [cache, rev] = [join(root, "cache"), join(root, "revs", commit)];
    mkdirSync(cache, { recursive: true });
    mkdirSync(join(root, "revs"), { recursive: true });
    if (existsSync(join(cache, ".git"))) {
      const remotes = (await git(cache, "remote")).split("\n");
      await git(cache, "remote", remotes.includes("origin") ? "set-url" : "add", "origin", url);
      await git(cache, "fetch", "--tags", "--jobs", "2", "--no-recurse-submodules");
    } else {
      await git(root, "clone", "--jobs", "2", url, cache);
    }
    await git(root, "clone", "--jobs", "2", "--reference", cache, cache, rev);
    await git(rev, "checkout", "--force", "--quiet", commit);
    link(join(root, ".in-progress"), rev);
  },
  promote(commit: string): void {
    link(join(root, "current"), join(root, "revs", commit));
    link(final, join(root, "revs", commit));
  },
  finalize(commit: string): void {
    link(join(root, ".done"), join(root, "revs", commit));
    rmSync(join(root, ".in-progress"));
  },
  /** Reads a file as Python Scap does. */
  readYaml(path: string): Record<string, unknown> {
    const program =
      "import json, sys, yaml; print(json.dumps(yaml.load(open(sys.argv[1]), yaml.UnsafeLoader)))";
    const text = execFileSync("/usr/bin/python3", ["-c", program, path], { encoding: "utf8" });
    return JSON.parse(text) as Record<string, unknown>; // the top level is a mapping
  },
};

async function deployLocal(...args: string[]): Promise<Ended> {
  const defines = [`-Dgit_server:${server.address}`, `-Dgit_deploy_dir:${directory}/srv`];
  return await run(DEPLOY_LOCAL, ["-r", "acme/web", ...defines, ...args], {}, directory);
}

const pythonConfig = (commit: string): string => `checks: !!python/object/apply:collections.OrderedDict
- - - smoke
    - !!python/object/apply:collections.OrderedDict
      - - - type
          - command
        - - after
          - promote
        - - command
          - 'true'
commit: ${commit}
git_rev: ${commit}
log_json: true
original_origin: ''
perform_checks: true
service_timeout: 120.0
tag: scap/sync/2031-04-05/0001
timestamp: '2031-04-05T06:07:08.123456'
user: deployer
`;

describe("a host that Python Scap deployed to", () => {
  it("is deployed over, rolled back to what Python Scap put there, and cleaned up", async () => {
    const first = server.commit({ a: "one" });
    server.publish(first);
    await python.fetch(first);
    python.promote(first);
    python.finalize(first);
    writeFileSync(join(root, ".config"), pythonConfig(first));

    const idle = await deployLocal();
    expect(idle).toMatchObject({ code: 0, stderr: "" });
    expect(idle.stdout).toContain("already exists");
    expect(idle.stdout).toContain("already live");

    const second = server.commit({ a: "two" });
    server.publish(second, "cache_revs: 1\n");
    expect(await deployLocal("--refresh-config")).toMatchObject({ code: 0 });
    expect(readFileSync(join(final, "a"), "utf8")).toBe("two");
    expect(await git(join(root, "cache"), "config", "gc.pruneExpire")).toBe("never");
    expect(await deployLocal("rollback")).toMatchObject({ code: 0 });
    expect(readlinkSync(final)).toBe(`web-cache/revs/${first}`);
    expect(readlinkSync(join(root, ".done"))).toBe(`revs/${first}`);
    expect(readFileSync(join(final, "a"), "utf8")).toBe("one");
    expect(await git(final, "status", "--porcelain")).toBe("");
  });

  it("heals a directory in which Python Scap was interrupted (B20)", async () => {
    const first = server.commit({ a: "one", b: "one" });
    server.publish(first);
    await python.fetch(first);
    rmSync(join(root, "revs", first, "b"));
    expect(await deployLocal()).toMatchObject({ code: 0 });
    expect(readFileSync(join(final, "b"), "utf8")).toBe("one");
  });
});

const hasYaml = (() => {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import yaml"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();
if (!hasYaml && process.env["CI"] !== undefined) throw new Error("CI must have python3-yaml");
const needed = hasYaml ? "" : " (NOT RUN: needs python3-yaml)";

describe("a host that we deployed to", () => {
  it("is deployed over and rolled back by Python Scap, then by us again", async () => {
    const first = server.commit({ a: "one" });
    server.publish(first);
    expect(await deployLocal()).toMatchObject({ code: 0 });
    expect(await deployLocal("finalize")).toMatchObject({ code: 0 });

    const second = server.commit({ a: "two" });
    server.publish(second);
    await python.fetch(second);
    python.promote(second);
    expect(readFileSync(join(final, "a"), "utf8")).toBe("two");
    python.promote(await git(root, "-C", join(root, ".done"), "rev-parse", "HEAD"));
    expect(readFileSync(join(final, "a"), "utf8")).toBe("one");
    python.promote(second);
    python.finalize(second);

    const idle = await deployLocal("--refresh-config");
    expect(idle).toMatchObject({ code: 0, stderr: "" });
    expect(idle.stdout).toContain("already live");
    const third = server.commit({ a: "three" });
    server.publish(third);
    expect(await deployLocal("--refresh-config")).toMatchObject({ code: 0 });
    expect(await deployLocal("rollback")).toMatchObject({ code: 0 });
    expect(readFileSync(join(final, "a"), "utf8")).toBe("two");
  });

  it.skipIf(!hasYaml)(`keeps a deploy info that Python Scap can read${needed}`, async () => {
    const commit = server.commit({ a: "one" });
    server.publish(commit, "service_name: app=reload\nservice_port: '8080'\n");
    await deployLocal("fetch");
    expect(python.readYaml(join(root, ".config"))).toMatchObject({
      commit,
      log_json: true,
      service_name: "app=reload",
      service_port: "8080",
    });
  });
});
