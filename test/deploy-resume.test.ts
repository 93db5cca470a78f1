import { readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, startScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2"];
const SLOW = "checks:\n  slow:\n    type: command\n    command: sleep 0.5\n    after: promote\n";

let lab: Lab;
let checkout: Checkout;
let count = 0;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(async () => {
  count++;
  const config = { git_repo: `test/again${count}`, confirm_timeout: "2" };
  checkout = new Checkout({ ...scapFiles(HOSTS, config), "scap/checks.yaml": SLOW });
  // Nobody hurts this one, so it need not wait for the slow check.
  expect((await scap("deploy", "-D", "perform_checks:false", "first")).status).toBe(0);
  checkout.commit({ "version.txt": "2\n" });
});
afterEach(() => checkout.remove());

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

function live(host: string): string {
  const path = join(lab.host(host).deployDir, "test", `again${count}`, "version.txt");
  return readFileSync(lab.host(host).outside(path), "utf8").trim();
}

/** Starts a deployment and kills it, without a chance to clean up, when a host begins with a stage. */
async function killAt(host: string, stage: string): Promise<void> {
  const call = startScap(["deploy", "--json", "second"], { cwd: checkout.directory, env: lab.env });
  const group = host === "web1" ? "canary" : "default";
  const place = `"group": "${group}", "label": "${group}", "stage": "${stage}", "host": "${host}"`;
  await call.until(`"event": "stage.host.started", ${place}`);
  call.process.kill("SIGKILL");
  await call.result;
}

describe("after kill -9 of a deployment", () => {
  it.each([
    ["web2", "fetch"],
    ["web2", "promote"],
    ["web1", "finalize"],
  ])("--resume finishes it where %s was at %s", async (host, stage) => {
    await killAt(host, stage);
    const { status, stderr } = await scap("deploy", "--resume");
    expect(stderr).toMatch(/Going on with scap\/sync\/.* \([0-9a-f]{7}\): second/);
    expect(stderr).toMatch(/Finished deploy .*: second/);
    expect(status).toBe(0);
    expect(HOSTS.map(live)).toEqual(["2", "2"]);
    const again = await scap("deploy", "--resume");
    expect(again.stderr).toContain("there is nothing to resume");
    expect(again.status).toBe(0);
  });

  it("the canary goes back by itself, and --resume deploys to it again", async () => {
    await killAt("web1", "promote");
    await expect.poll(() => live("web1"), { timeout: 20_000 }).toBe("1");
    expect((await scap("rollback", "--list")).stdout).toMatch(/unknown +web1/);
    expect((await scap("deploy", "--resume")).status).toBe(0);
    expect(HOSTS.map(live)).toEqual(["2", "2"]);
  });
});

describe("scap deploy --resume refuses", () => {
  it("other wishes", async () => {
    const { status, stderr } = await scap("deploy", "--resume", "--rev", "HEAD~1");
    expect(stderr).toContain("--rev cannot be used with --resume");
    expect(status).toBe(2);
  });

  it("a deployment that was rolled back", async () => {
    checkout.commit({ "scap/checks.yaml": SLOW.replace("sleep 0.5", "test -e /nonexistent") });
    expect((await scap("deploy", "bad")).status).toBe(1);
    const { status, stderr } = await scap("deploy", "--resume");
    expect(stderr).toContain("it was rolled back");
    expect(status).toBe(1);
  });
});

describe("scap deploy --resume", () => {
  it("warns once of what it tells the hosts otherwise than the deployment that was interrupted", async () => {
    await killAt("web2", "fetch");
    checkout.write({ "scap/checks.yaml": SLOW.replace("sleep 0.5", "sleep 0") });
    const cfg = readFileSync(join(checkout.directory, "scap/scap.cfg"), "utf8");
    checkout.write({ "scap/scap.cfg": `${cfg}cache_revs: 3\n` });
    const { status, stderr } = await scap("deploy", "--resume");
    expect(stderr.match(/^warning: .*since the deployment was interrupted.*$/gm)).toEqual([
      "warning: cache_revs, checks have changed since the deployment was interrupted; it goes on with them as in the checkout now",
    ]);
    expect(status).toBe(0);
  });

  it("says nothing of the kind where nothing has changed", async () => {
    await killAt("web2", "fetch");
    expect((await scap("deploy", "--resume")).stderr).not.toContain("since the deployment was interrupted");
  });
});

it("a host that lost its worker after it was confirmed is finalized all the same", async () => {
  const call = startScap(["deploy", "--json", "second"], { cwd: checkout.directory, env: lab.env });
  await call.until(
    `"event": "stage.host.started", "group": "default", "label": "default", "stage": "promote"`,
  );
  await lab.host("web1").kill(".mjs worker");
  expect((await call.result).status).toBe(0);
  const done = join(lab.host("web1").deployDir, "test", `again${count}-cache`, ".done");
  expect(basename(readlinkSync(done))).toBe(checkout.git("rev-parse", "HEAD"));
});

describe("with confirm_promote: all", () => {
  it("every group goes back by itself when the deploy server is gone", async () => {
    const config = { git_repo: `test/again${count}`, confirm_promote: "all", confirm_timeout: "3" };
    const checks =
      "checks:\n  long:\n    type: command\n    command: sleep 60\n    after: promote\n    group: default\n";
    checkout.commit({ ...scapFiles(HOSTS, config), "scap/checks.yaml": checks, "version.txt": "2\n" });
    const call = startScap(["deploy", "--json", "second"], { cwd: checkout.directory, env: lab.env });
    await expect.poll(() => HOSTS.map(live), { timeout: 30_000 }).toEqual(["2", "2"]);
    call.process.kill("SIGKILL");
    await call.result;
    await expect.poll(() => HOSTS.map(live), { timeout: 30_000 }).toEqual(["1", "1"]);
  });
});
