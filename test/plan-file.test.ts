import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2", "web3"];
let lab: Lab;
let checkout: Checkout;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(async () => {
  checkout = new Checkout({ ...scapFiles(HOSTS), "scap/checks.yaml": "checks: {}\n" });
  expect((await scap("deploy", "--plan", "-o", "plan.json", "as agreed")).status).toBe(0);
});
afterEach(() => checkout.remove());

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

function edit(file: string, from: string, to: string): void {
  const path = join(checkout.directory, file);
  writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
}

describe("a plan file", () => {
  it("is carried out, with its message, when nothing has changed", async () => {
    const { status, stderr } = await scap("deploy", "plan.json");
    expect(stderr).toContain(": as agreed");
    expect(stderr).toMatch(/Deployed [0-9a-f]{7} to 3 hosts/);
    expect(status).toBe(0);
  });

  it.each([
    ["a host is gone", () => edit("scap/targets", "web3\n", ""), ["- host web3 in default"]],
    [
      "a host is new",
      () => edit("scap/targets", "web2\n", "web2\nweb9\n"),
      ["+ host web9 in default", "- group default: 0 of 2 may fail", "+ group default: 0 of 3 may fail"],
    ],
    [
      "the order is another",
      () => edit("scap/targets", "web2\nweb3\n", "web3\nweb2\n"),
      ["the order is another from line", "- host web2 in default", "+ host web3 in default"],
    ],
    ["the revision moved", () => checkout.commit({ "version.txt": "2\n" }), ["- commit: ", "+ commit: "]],
    [
      "an option changed",
      () => edit("scap/scap.cfg", "[global]", "[global]\nservice_name: web"),
      ["+ option service_name: web"],
    ],
    [
      "a limit changed",
      () => edit("scap/scap.cfg", "[global]", "[global]\nfailure_limit: 1"),
      ["+ group default: 1 of 2 may fail"],
    ],
    [
      "a check changed",
      () => edit("scap/checks.yaml", "checks: {}", "checks:\n  a: {command: x, after: promote}"),
      ["+ check a: command: x", "+ check a: after: promote"],
    ],
    [
      "hosts would not go back by themselves any more",
      () => edit("scap/scap.cfg", "[global]", "[global]\nconfirm_promote: never"),
      ["- group canary: canary goes back after 300000 ms without word, until verdict"],
    ],
  ])("is refused when %s, and says which line is different", async (_what, change, lines) => {
    change();
    const { status, stderr } = await scap("deploy", "--from-plan", "plan.json");
    for (const line of lines) expect(stderr).toContain(`  ${line}`);
    expect(stderr).toContain("plan.json is not what would be deployed now; nothing was done");
    expect(status).toBe(1);
    expect(checkout.git("tag", "--list")).toBe("");
  });

  it("is refused when somebody edited it", async () => {
    edit("plan.json", "host web3 in default", "host web4 in default");
    const { status, stderr } = await scap("deploy", "plan.json");
    expect(stderr).toContain("plan.json was changed after it was written");
    expect(status).toBe(1);
  });

  it("does not go with options that would change the plan", async () => {
    const { status, stderr } = await scap("deploy", "plan.json", "-l", "web1");
    expect(stderr).toContain("--limit-hosts cannot be used with a plan file");
    expect(status).toBe(2);
  });

  it("keeps the digest while nothing changes, and shows it", async () => {
    const digest = /"digest": "([0-9a-f]{64})"/.exec(
      readFileSync(join(checkout.directory, "plan.json"), "utf8"),
    );
    const { stdout } = await scap("deploy", "--plan");
    expect(stdout).toContain(`\nDigest: ${digest?.[1]}\n`);
  });
});

it("names the variable, the line of a template and the option of a check that is different", async () => {
  checkout.write({
    "scap/scap.cfg": scapFiles(HOSTS, { config_deploy: "true" })["scap/scap.cfg"] ?? "",
    "scap/checks.yaml": ["a", "b", "c"]
      .map((name) => `${name}: {command: x, after: promote, timeout: ${name === "a" ? 5 : 60}}`)
      .reduce((text, line) => `${text}  ${line}\n`, "checks:\n"),
    "scap/config-files.yaml": "etc/app.conf: {template: app.conf.j2}\n",
    "scap/templates/app.conf.j2": "{\n  port: {{ port }}\n\n}\n",
    "scap/vars.yaml": "port: 80\nlimits: {open files: 10}\n",
  });
  expect((await scap("deploy", "--plan", "-o", "plan.json")).status).toBe(0);
  edit("scap/checks.yaml", "timeout: 5}", "timeout: 60}");
  edit("scap/templates/app.conf.j2", "port:", "listen:");
  edit("scap/vars.yaml", "files: 10", "files: 20");
  const { status, stderr } = await scap("deploy", "--from-plan", "plan.json");
  expect(stderr).toContain(`nothing was done:
  - check a: timeout: 5
  + check a: timeout: 60
  - config file etc/app.conf: template |   port: {{ port }}
  + config file etc/app.conf: template |   listen: {{ port }}
  - variable limits > "open files": 10
  + variable limits > "open files": 20
`);
  expect(status).toBe(1);
});

it("takes an ordinary message for a message, whatever file it sounds like", async () => {
  writeFileSync(join(checkout.directory, "package.json"), "{}\n");
  for (const words of [["package.json", "updated"], ["fix missing.json"]]) {
    const { status, stderr } = await scap("deploy", "-l", "web1", ...words);
    expect(stderr).toContain(`]: ${words.join(" ")}\n`);
    expect(status).toBe(0);
  }
});

it("deploys nothing when the only word names a plan that is not there, or no plan", async () => {
  writeFileSync(join(checkout.directory, "package.json"), "{}\n");
  for (const word of ["package.json", "missing.json"]) {
    const { status, stderr } = await scap("deploy", word);
    expect(stderr).toContain(`scap: Cannot use the plan ${word}: `);
    expect(status).toBe(1);
  }
  expect(checkout.git("tag", "--list")).toBe("");
});
