import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, startScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2", "web3"];
const SMOKE = {
  "scap/checks.yaml": "checks:\n  smoke:\n    type: script\n    command: smoke.sh\n    after: promote\n",
  "scap/scripts/smoke.sh":
    '#!/bin/sh\ngrep -q ok "$SCAP_FINAL_PATH/health" || { echo "not healthy"; exit 1; }\n',
  health: "ok\n",
};

let lab: Lab;
let checkout: Checkout;
let count = 0;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(() => {
  count++;
  checkout = new Checkout({ ...scapFiles(HOSTS, { git_repo: `test/app${count}` }), ...SMOKE });
});
afterEach(() => checkout.remove());

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

/** A path on a host, as seen from here. */
function onHost(host: string, ...parts: string[]): string {
  return lab.host(host).outside(join(lab.host(host).deployDir, ...parts));
}

function live(host: string, file = "version.txt"): string {
  return readFileSync(onHost(host, "test", `app${count}`, file), "utf8").trim();
}

function repo(...parts: string[]): string {
  return ["test", `app${count}-cache`, ...parts].join("/");
}

describe("scap deploy", () => {
  it("puts a revision onto all hosts with the layout that Scap users know (A1) (A4)", async () => {
    const commit = checkout.git("rev-parse", "HEAD");
    const { status, stderr } = await scap("deploy", "hello", "world");
    expect(stderr).toMatch(/Started deploy \[test\/app\d+@[0-9a-f]{7}\]: hello world/);
    expect(stderr).toMatch(
      /Finished deploy \[test\/app\d+@[0-9a-f]{7}\]: hello world \(duration: \d\dm \d\ds\)/,
    );
    expect(status).toBe(0);
    for (const host of HOSTS) {
      expect(readlinkSync(onHost(host, "test", `app${count}`))).toBe(`app${count}-cache/revs/${commit}`);
      expect(readlinkSync(onHost(host, repo("current")))).toBe(`revs/${commit}`);
      expect(readlinkSync(onHost(host, repo(".done")))).toBe(`revs/${commit}`);
      expect(existsSync(onHost(host, repo(".in-progress")))).toBe(false);
      expect(readFileSync(onHost(host, repo(".config")), "utf8")).toContain(`commit: ${commit}`);
    }
    const day = new Date().toISOString().slice(0, 10);
    expect(checkout.git("tag", "--list", "scap/sync/*")).toBe(`scap/sync/${day}/0001`);
    expect(readdirSync(join(checkout.directory, "scap/log"))).toEqual([`scap-sync-${day}-0001.log`]);
  });

  it("changes nothing on hosts that have the revision, and still makes a tag (A2)", async () => {
    await scap("deploy", "first");
    const { status } = await scap("deploy", "again");
    expect(status).toBe(0);
    expect(checkout.git("tag", "--list", "scap/sync/*").split("\n")).toHaveLength(2);
  });

  it("rolls the canary back when its check fails, and leaves the others alone", async () => {
    await scap("deploy", "good");
    checkout.commit({ health: "down\n", "version.txt": "2\n" });
    const { status, stderr } = await scap("deploy", "bad");
    expect(status).toBe(1);
    expect(stderr).toContain("not healthy");
    expect(stderr).toContain("was rolled back");
    expect(HOSTS.map((host) => live(host))).toEqual(["1", "1", "1"]);
    const good = checkout.git("rev-parse", "HEAD~1");
    expect(readlinkSync(onHost("web1", repo("current")))).toBe(`revs/${good}`);
  });

  it("takes a first deployment back to nothing when it fails (A6)", async () => {
    checkout.commit({ health: "down\n" });
    const { status } = await scap("deploy", "bad from the start");
    expect(status).toBe(1);
    expect(existsSync(onHost("web1", "test", `app${count}`))).toBe(false);
  });

  it("fetches only, and leaves the live revision alone, with --stages fetch (A9)", async () => {
    await scap("deploy", "first");
    checkout.commit({ "version.txt": "2\n" });
    expect((await scap("deploy", "-s", "fetch", "prepare")).status).toBe(0);
    expect(live("web1")).toBe("1");
    expect(existsSync(onHost("web1", repo(".in-progress")))).toBe(true);
  });

  it("deploys an annotated tag as the commit that it leads to (A20) (deploy W17)", async () => {
    const commit = checkout.git("rev-parse", "HEAD");
    checkout.git("tag", "-a", "-m", "one", "rel-1");
    checkout.commit({ "version.txt": "2\n" });
    await scap("deploy", "--rev", "rel-1", "release");
    expect(readlinkSync(onHost("web1", repo("current")))).toBe(`revs/${commit}`);
  });

  it("shows the plan and touches nothing with --plan", async () => {
    const { status, stdout } = await scap("deploy", "--plan", "-l", "web[1:2]");
    expect(status).toBe(0);
    expect(stdout).toContain("canary: web1");
    expect(stdout).toContain("default: web2");
    expect(checkout.git("tag", "--list")).toBe("");
    expect(existsSync(join(checkout.directory, "scap/log"))).toBe(false);
  });

  it("deploys to the hosts that a limit selects (A11)", async () => {
    const planned = async (limit: string): Promise<string[]> => {
      const { stdout } = await scap("deploy", "--plan", "--json", "-l", limit);
      const plan = JSON.parse(stdout) as { groups: { hosts: string[] }[] };
      return plan.groups.flatMap(({ hosts }) => hosts);
    };
    expect(await planned("~web[12]")).toEqual(["web1", "web2"]);
    expect(await planned("!web1")).toEqual(["web2", "web3"]);
  });

  it("prepares the checkout and contacts nobody with --init", async () => {
    expect((await scap("deploy", "--init")).status).toBe(0);
    expect(readFileSync(join(checkout.directory, ".git/DEPLOY_HEAD"), "utf8")).toContain("tag: scap/sync/");
    expect(existsSync(onHost("web1", "test", `app${count}`))).toBe(false);
  });

  it("heals a host whose repository lost its objects", async () => {
    await scap("deploy", "first");
    rmSync(onHost("web2", repo("cache/.git/objects")), { recursive: true });
    mkdirSync(onHost("web2", repo("cache/.git/objects/pack")), { recursive: true });
    checkout.commit({ "version.txt": "2\n" });
    const { status, stderr } = await scap("deploy", "second");
    expect(stderr).toContain("Deployed");
    expect(status).toBe(0);
    expect(live("web2")).toBe("2");
  });

  it("tells in the log what every host did", async () => {
    await scap("deploy", "logged");
    const { stdout } = await scap("deploy-log", "--latest", "-v", "host == web2");
    expect(stdout).toContain("[web2]");
    expect(stdout).toContain("promote");
  });

  it("shows what is live with status", async () => {
    await scap("deploy", "first");
    const short = checkout.git("rev-parse", "--short=7", "HEAD");
    const { status, stdout } = await scap("status");
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`default +${short} +- +web\\[2-3\\] \\(2\\)`));
  });

  it("lets only one of two deployments work at a time", async () => {
    checkout.commit({ "scap/scripts/smoke.sh": "#!/bin/sh\nsleep 1\n" });
    const env = lab.env;
    const first = startScap(["deploy", "one"], { cwd: checkout.directory, env });
    await first.until("== CANARY ==");
    const second = await runScap(["deploy", "--lock-timeout", "0", "two"], { cwd: checkout.directory, env });
    expect(second.status).toBe(1);
    expect(second.stderr).toContain("one");
    expect((await first.result).status).toBe(0);
  });
});

describe("scap deploy refuses", () => {
  it("a directory that is no checkout, and leaves it empty (A22)", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "scap-plain-"));
    const { status, stderr } = await runScap(["deploy", "x"], { cwd, env: lab.env });
    expect(stderr).toContain("not the top level of a git repository");
    expect([status, readdirSync(cwd)]).toEqual([1, []]);
    rmSync(cwd, { recursive: true });
  });

  it.each([
    ["a limit that matches nothing (A10)", () => scap("deploy", "-l", "nomatch", "x"), 1, /nomatch/],
    ["an empty limit", () => scap("deploy", "-l", "", "x"), 2, /limit/],
    ["a revision that does not exist (A21)", () => scap("deploy", "-r", "nosuch", "x"), 1, /nosuch/],
    ["two stages at once (A8)", () => scap("deploy", "-s", "fetch,promote", "x"), 2, /invalid choice/],
    ["a restart without a service (A14)", () => scap("deploy", "--service-restart", "x"), 1, /service_name/],
  ])("%s, without leaving a tag", async (_what, call, expected, message) => {
    const { status, stderr } = await call();
    expect(stderr).toMatch(message);
    expect(status).toBe(expected);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(checkout.git("tag", "--list")).toBe("");
  });

  it.each([
    ["an empty file", ""],
    ["no key checks", "x: 1\n"],
    ["nothing below checks", "checks:\n"],
    ["no mapping", "checks: [a]\n"],
    ["bad YAML", "checks: {\n"],
    ["an unknown stage", "checks:\n  a:\n    command: x\n    after: fetchx\n"],
    ["an unknown script", "checks:\n  a:\n    type: script\n    command: nosuch\n    after: promote\n"],
  ])("checks.yaml with %s, naming file and line (A24) (deploy W24)", async (_what, text) => {
    checkout.commit({ "scap/checks.yaml": text });
    const { status, stderr } = await scap("deploy", "x");
    expect(stderr).toMatch(/checks\.yaml:\d+/);
    expect(status).toBe(1);
    expect(checkout.git("tag", "--list")).toBe("");
  });

  it("a misspelt option of a check where strict_checks is set, and else warns of it (checks W15)", async () => {
    checkout.commit({
      "scap/checks.yaml": "checks:\n  a:\n    command: 'true'\n    after: promote\n    timout: 5\n",
    });
    const lax = await scap("deploy", "--plan", "-Dgit_binary_manager:git-lsf", "x");
    expect(lax.stderr).toMatch(/warning: .*checks\.yaml:\d+: check "a": unknown option "timout"/);
    expect(lax.stderr).toContain("git_binary_manager names git-lsf, which is not known and is ignored");
    expect(lax.status).toBe(0);
    const strict = await scap("deploy", "--plan", "-Dstrict_checks:true", "x");
    expect(strict.stderr).toMatch(/checks\.yaml:\d+: check "a": unknown option "timout"/);
    expect(strict.status).toBe(1);
  });
});
