import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2", "web3"];

let lab: Lab;
let checkout: Checkout;
let count = 0;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(async () => {
  count++;
  checkout = new Checkout(scapFiles(HOSTS, { git_repo: `test/back${count}` }));
  await must("deploy", "first");
  checkout.commit({ "version.txt": "2\n" });
  await must("deploy", "second");
});
afterEach(() => checkout.remove());

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

async function must(...args: string[]): Promise<void> {
  const { status, stderr } = await scap(...args);
  expect({ status, stderr }).toMatchObject({ status: 0 });
}

function onHost(host: string, ...parts: string[]): string {
  return lab.host(host).outside(join(lab.host(host).deployDir, "test", ...parts));
}

function live(): string[] {
  return HOSTS.map((host) => readFileSync(onHost(host, `back${count}`, "version.txt"), "utf8").trim());
}

describe("scap rollback", () => {
  it("goes back to the last good revision, and the one that was left needs a yes from then on", async () => {
    const { status, stderr } = await scap("rollback", "login", "fails");
    expect(stderr).toMatch(/Started rollback \[test\/back\d+@[0-9a-f]{7}\]: login fails/);
    expect(stderr).toMatch(/Went back to [0-9a-f]{7} on 3 hosts/);
    expect(status).toBe(0);
    expect(live()).toEqual(["1", "1", "1"]);
    const first = checkout.git("rev-parse", "HEAD~1");
    expect(readFileSync(onHost("web1", `back${count}-cache/.config`), "utf8")).toContain(`commit: ${first}`);
    expect(checkout.git("tag", "--list", "scap/sync/*").split("\n")).toHaveLength(3);
    const history = await scap("history", "-n", "1");
    expect(history.stdout).toMatch(/login fails/);

    const again = await scap("deploy", "once more");
    expect(again.stderr).toMatch(/marked as bad .*rolled back by .*: login fails/);
    expect(again.status).toBe(1);
    expect(live()).toEqual(["1", "1", "1"]);
    await must("deploy", "--allow-bad", "all the same");
    expect(live()).toEqual(["2", "2", "2"]);
  });

  it("lists hosts that do not have the revision, leaves them alone and fails", async () => {
    const first = checkout.git("rev-parse", "HEAD~1");
    rmSync(onHost("web3", `back${count}-cache/revs/${first}`), { recursive: true });
    const { status, stderr } = await scap("rollback");
    expect(stderr).toContain(`left alone: web3: it does not have ${first.slice(0, 7)}`);
    expect(status).toBe(1);
    expect(live()).toEqual(["1", "1", "2"]);
  });

  it("is not kept from it by what the older revision lacks, or by what is wrong with templates", async () => {
    checkout.write({
      "scap/scap.cfg":
        scapFiles(HOSTS, { git_repo: `test/back${count}`, shared: "version.txt", config_deploy: "true" })[
          "scap/scap.cfg"
        ] ?? "",
      "scap/checks.yaml": "checks:\n  smoke: {type: script, command: smoke, after: promote}\n",
      "scap/config-files.yaml": "app.conf: {template: gone.j2}\n",
    });
    const { status, stderr } = await scap("rollback", "login fails");
    expect(stderr).toContain('"smoke": it is left out: there is no executable scap/scripts/smoke in ');
    expect(stderr).toMatch(/warning: .*gone\.j2.*; a rollback renders nothing, so it goes on/);
    expect(status).toBe(0);
    expect(live()).toEqual(["1", "1", "1"]);
    expect((await scap("deploy", "--plan")).status).not.toBe(0);
  });

  it("goes to a named revision on some hosts", async () => {
    await must("rollback", "--to", "HEAD~1", "-l", "web[2:3]");
    expect(live()).toEqual(["2", "1", "1"]);
    await must("rollback", "--to", checkout.git("rev-parse", "HEAD").slice(0, 10), "--allow-bad");
    expect(live()).toEqual(["2", "2", "2"]);
  });

  it("shows what the hosts have, and what it would do, and changes nothing", async () => {
    const [second, first] = checkout.git("log", "--format=%h", "--abbrev=7").split("\n");
    const list = await scap("rollback", "--list");
    expect(list.status).toBe(0);
    expect(list.stdout).toMatch(new RegExp(`${second} .* good +web\\[1-3\\] \\(3\\) +web\\[1-3\\] +change`));
    const json = (await scap("rollback", "--list", "--json")).stdout.trim().split("\n");
    expect(json.map((line) => JSON.parse(line) as { good: string[] })[1]?.good).toEqual(HOSTS);
    const plan = await scap("rollback", "--plan");
    expect(plan.stdout).toContain(`= ${first}`);
    expect(plan.stdout).toContain("stages: promote");
    expect(live()).toEqual(["2", "2", "2"]);
  });

  it("has nothing to do where there is no other good revision", async () => {
    await must("rollback");
    const { status, stderr } = await scap("rollback");
    expect(stderr).toContain("No host has a good revision to go back to");
    expect(status).toBe(1);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
