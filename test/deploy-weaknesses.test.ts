/** What the original does badly (W and a number: an item of a list of weaknesses), through the command and real files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, startScap, type ScapResult } from "./support/run-scap.ts";
import { startWebhookReceiver } from "./support/webhook-receiver.ts";

const HOSTS = ["web1", "web2", "web3"];

let lab: Lab;
let checkout: Checkout;
let count = 0;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(() => {
  count++;
});
afterEach(() => checkout.remove());

function prepare(config: Record<string, string> = {}, files: Record<string, string> = {}): void {
  checkout = new Checkout({ ...scapFiles(HOSTS, { git_repo: `test/weak${count}`, ...config }), ...files });
}

function scap(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: { ...lab.env, ...env } });
}

async function must(...args: string[]): Promise<ScapResult> {
  const result = await scap(args);
  expect(result).toMatchObject({ status: 0 });
  return result;
}

function onHost(host: string, ...parts: string[]): string {
  return lab.host(host).outside(join(lab.host(host).deployDir, "test", ...parts));
}

const short = (revision: string): string => checkout.git("rev-parse", "--short=7", revision);
const deployHead = (): string => readFileSync(join(checkout.directory, ".git/DEPLOY_HEAD"), "utf8");
const logs = (): string[] => readdirSync(join(checkout.directory, "scap/log")).toSorted();

describe("a dry run", () => {
  it("changes nothing anywhere, tells nobody, and shows each difference once (deploy W18) (deploy W19)", async () => {
    const receiver = await startWebhookReceiver();
    prepare(
      { config_deploy: "true", notify_webhooks: receiver.url, server_groups: "default" },
      {
        "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n",
        "scap/templates/app.conf.j2": "version {{ version }}\n",
        "scap/vars.yaml": "version: 1\n",
      },
    );
    await must("deploy", "first");
    const told = receiver.told.length;
    const state = (): unknown => [
      checkout.git("for-each-ref"),
      deployHead(),
      readFileSync(onHost("web1", `weak${count}-cache/.config`), "utf8"),
      readdirSync(onHost("web1", `weak${count}-cache/revs`)),
    ];
    const before = state();
    checkout.write({ "scap/vars.yaml": "version: 2\n" });
    const { stderr, stdout } = await must("deploy", "--dry-run", "what if");
    receiver.close();
    expect(state()).toEqual(before);
    expect(receiver.told).toHaveLength(told);
    const shown = `${stdout}${stderr}`;
    expect(shown).not.toContain("]: what if");
    expect(shown.match(/^.*\+version 2$/gm)).toHaveLength(1);
    expect(shown).toContain("web[1-3]");
  });
});

it("a deployment records who called sudo besides the account that it runs as (cli W24)", async () => {
  prepare();
  const { stdout } = await scap(["deploy", "--json", "-l", "web1", "x"], { SUDO_USER: "alice" });
  const started = stdout.split("\n").find((line) => line.includes('"deploy.started"')) ?? "{}";
  expect(JSON.parse(started)).toMatchObject({ user: userInfo().username, sudoUser: "alice" });
});

it("a deployment says at its start how many hosts of each group take part and may fail (targets W6) (targets W15)", async () => {
  prepare({ failure_limit: "1", server_groups: "default" });
  const { stderr } = await must("deploy", "-l", "web[1:2]", "some");
  expect(stderr).toContain(" default: 2 of 3 hosts, 1 may fail\n");
});

describe("a deployment of an older revision", () => {
  it("announces what it deploys, in a log of its own that is named after its tag (deploy W22) (deploy W23)", async () => {
    prepare();
    checkout.commit({ "version.txt": "2\n" });
    await must("deploy", "newest");
    const { stderr } = await must("deploy", "--rev", "HEAD~1", "older");
    expect(stderr).toContain(`Started deploy [test/weak${count}@${short("HEAD~1")}]: older`);
    const [first, second, ...more] = logs();
    expect(more).toEqual([]);
    expect(second).toMatch(/^scap-sync-\d{4}-\d\d-\d\d-0002\.log$/);
    expect(readFileSync(join(checkout.directory, "scap/log", first ?? ""), "utf8")).not.toContain("older");
  });
});

describe("failed hosts", () => {
  it("are listed with their error, output and status although the limit tolerates them (deploy W8) (deploy W20)", async () => {
    const check = 'case "$HOME" in */web2/*) echo smoke >&2; exit 7;; esac';
    prepare(
      { failure_limit: "1", server_groups: "default" },
      {
        "scap/checks.yaml": `checks:\n  smoke: {command: ${JSON.stringify(check)}, shell: true, after: promote}\n`,
      },
    );
    const { stdout, stderr } = await must("deploy", "tolerant");
    expect(`${stdout}${stderr}`).toMatch(
      /Tolerated: +web2: promote failed: .*smoke failed \(exit status 7\)/,
    );
    const log = readFileSync(join(checkout.directory, "scap/log", logs()[0] ?? ""), "utf8");
    const failure = log
      .split("\n")
      .find((line) => line.includes('"stage.host.finished"') && line.includes("smoke"));
    expect(failure).toMatch(/exit status 7|status 7|"exitCode": ?7/);
  });
});

describe("umask", () => {
  it("of the deploy server counts on targets, octal when it begins with 0 (deploy W33) (deploy W36)", async () => {
    prepare({ umask: "027" });
    await must("deploy", "private");
    const mode = (...parts: string[]): string =>
      (statSync(onHost("web1", ...parts)).mode & 0o777).toString(8);
    expect(mode(`weak${count}`, "version.txt")).toBe("640");
    expect(mode(`weak${count}-cache`, "revs", checkout.git("rev-parse", "HEAD"))).toBe("750");
  });
});

describe("secrets", () => {
  it("of the origin's URL and of the environment are published and logged nowhere (deploy W39) (cli W18)", async () => {
    prepare();
    checkout.git("remote", "add", "origin", "https://me:swordfish@example.org/x.git");
    const { stdout, stderr } = await scap(["deploy", "-v", "why"], { ANY_TOKEN: "swordfish" });
    expect(deployHead()).toContain("original_origin: https://example.org/x.git\n");
    const log = readFileSync(join(checkout.directory, "scap/log", logs()[0] ?? ""), "utf8");
    expect(`${stdout}${stderr}${log}${deployHead()}`).not.toContain("swordfish");
  });
});

describe("a revision that shares objects with the cache", () => {
  it("keeps them when somebody prunes it, although no branch leads to it any more (git W22)", async () => {
    prepare({ cache_revs: "1" });
    await must("deploy", "first");
    const old = checkout.git("rev-parse", "HEAD");
    checkout.write({ "version.txt": "2\n" });
    checkout.git("commit", "-qa", "--amend", "-m", "another history");
    await must("deploy", "second");
    const cache = onHost("web1", `weak${count}-cache`);
    const git = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await lab.host("web1").exec(["git", ...args]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      return stdout;
    };
    await git("-C", join(cache, "cache"), "gc", "--quiet", "--prune=now");
    const kept = readdirSync(join(cache, "revs"));
    for (const name of kept) await git("-C", join(cache, "revs", name), "fsck", "--no-dangling");
    const references = await git(
      "-C",
      join(cache, "cache"),
      "for-each-ref",
      "--format=%(refname)",
      "refs/scap/revs",
    );
    expect(references.trim().split("\n")).toEqual(kept.map((name) => `refs/scap/revs/${name}`).toSorted());
    expect(kept).not.toContain(old);
  });
});

it("one process on each host does all stages of a deployment, over its one connection (deploy W42) (ssh W13)", async () => {
  const note = 'echo $PPID >>"$HOME/stages"';
  const stages = ["fetch", "config_deploy", "promote", "handle_service", "finalize"];
  const checks = stages.map(
    (stage) => `  ${stage}: {command: ${JSON.stringify(note)}, shell: true, before: ${stage}}`,
  );
  prepare({}, { "scap/checks.yaml": `checks:\n${checks.join("\n")}\n` });
  await must("deploy", "one");
  for (const host of HOSTS) {
    const { stdout } = await lab.host(host).exec(["sh", "-c", "cat ~/stages; rm ~/stages"]);
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(stages.length);
    expect(lines).toEqual(lines.map(() => lines[0]));
  }
});

describe("SIGTERM and SIGHUP", () => {
  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "%s ends a deployment with %i: said, taken back, the lock free (cli W6) (ssh W8)",
    async (signal, status) => {
      const directory = mkdtempSync(join(tmpdir(), "scap-weak-"));
      const started = join(directory, "started");
      const command = JSON.stringify(`echo x >>${started}; sleep 30`);
      prepare(
        { server_groups: "default" },
        { "scap/checks.yaml": `checks:\n  slow: {command: ${command}, shell: true, after: promote}\n` },
      );
      writeFileSync(started, "");
      const call = startScap(["deploy", "why"], { cwd: checkout.directory, env: lab.env });
      await expect.poll(() => readFileSync(started, "utf8"), { timeout: 60_000 }).toContain("x");
      call.process.kill(signal);
      await call.until("stopping at the next safe point");
      call.process.kill(signal);
      const ended = await call.result;
      rmSync(directory, { recursive: true });
      expect(ended.stderr).toMatch(/deploy aborted: why/);
      expect(ended.status).toBe(status);
      await must("deploy", "--lock-timeout", "0", "-Dperform_checks:false", "again");
    },
  );
});
