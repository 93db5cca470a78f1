import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2", "web3"];
const SECRETS = join(mkdtempSync(join(tmpdir(), "scap-secrets-")), "secrets.yaml");
const CONFIG = {
  "scap/config-files.yaml": `app.conf:
  template: app.conf.j2
own/site.conf:
  template: site.conf.j2
  remote_vars: ${SECRETS}
`,
  "scap/templates/app.conf.j2": "port: {{ port }}\n",
  "scap/templates/site.conf.j2": "password: {{ password }}\n",
  "scap/vars.yaml": "port: 8080\n",
};

let lab: Lab;
let checkout: Checkout;

beforeAll(async () => {
  writeFileSync(SECRETS, "password: swordfish\n");
  lab = await startEmbeddedLab({ hosts: HOSTS });
  checkout = new Checkout({ ...scapFiles(HOSTS, { config_deploy: "true" }), ...CONFIG });
  expect((await scap("deploy", "first")).status).toBe(0);
  checkout.commit({ "version.txt": "2\n" });
  expect((await scap("deploy", "second")).status).toBe(0);
});
afterAll(async () => {
  await lab.close();
  checkout.remove();
  rmSync(dirname(SECRETS), { recursive: true });
});

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

/** A path below the deployment directory of a host, as seen from here. */
function onHost(host: string, ...parts: string[]): string {
  return lab.host(host).outside(join(lab.host(host).deployDir, "test", ...parts));
}

/** Writes a file into the live tree of a host; answers with what takes it back. */
function edit(host: string, file: string, text: string): () => void {
  const path = onHost(host, "app", file);
  const before = existsSync(path) ? readFileSync(path) : undefined;
  writeFileSync(path, text);
  return () => (before === undefined ? rmSync(path) : writeFileSync(path, before));
}

const undone: (() => void)[] = [];
afterEach(() => undone.splice(0).forEach((undo) => undo()));

function short(revision = "HEAD"): string {
  return checkout.git("rev-parse", "--short=7", revision);
}

describe("scap status", () => {
  it("shows the live and the previous revision of each group, and ends with 0 where nothing has drifted", async () => {
    const { status, stdout } = await scap("status");
    expect(stdout).toBe(
      "GROUP    LIVE     PREVIOUS  HOSTS\n" +
        `canary   ${short()}  ${short("HEAD~1")}   web1 (1)\n` +
        `default  ${short()}  ${short("HEAD~1")}   web[2-3] (2)\n`,
    );
    expect(status).toBe(0);
  });

  it("finds files edited in the live tree, but takes rendered files for no edit", async () => {
    undone.push(edit("web2", "version.txt", "patched by hand\n"), edit("web2", "debug me.php", "<?php\n"));
    const { status, stdout } = await scap("status");
    expect(stdout).toContain('web2 (1): edited in the live tree: M version.txt, ?? "debug me.php"\n');
    expect(stdout).not.toContain("app.conf");
    expect(stdout).toContain("web[2-3] (2)\n");
    expect(status).toBe(1);
  });

  it("finds rendered files that were changed since", async () => {
    undone.push(edit("web2", "app.conf", "port: 1\n"), edit("web3", "app.conf", "port: 2\n"));
    const { status, stdout } = await scap("status");
    expect(stdout).toContain("web[2-3] (2): config differs from what was rendered: app.conf\n");
    expect(status).toBe(1);
  });

  it("shows with --diff what was changed, once for hosts with the same change", async () => {
    undone.push(edit("web2", "app.conf", "port: 1\n"), edit("web3", "app.conf", "port: 1\n"));
    const { status, stdout } = await scap("status", "--diff");
    expect(stdout).toContain("web[2-3] (2): Config diff for app.conf\n");
    expect(stdout).toContain("-port: 1\n+port: 8080\n");
    expect(status).toBe(1);
  });

  it("masks in a diff what remote_vars brought in, unless asked, and never logs it", async () => {
    undone.push(edit("web2", "own/site.conf", "password: changed\n"));
    expect((await scap("status", "--diff")).stdout).toContain("+password: ********\n");
    expect((await scap("status", "--diff", "--show-secrets")).stdout).toContain("+password: swordfish\n");
    const dryRun = await scap("deploy", "--dry-run", "--show-secrets", "-l", "web2");
    expect(dryRun.stderr).toContain("+password: swordfish\n");
    const logs = join(checkout.directory, "scap/log");
    for (const log of readdirSync(logs))
      expect(readFileSync(join(logs, log), "utf8")).not.toContain("swordfish");
  });

  it("finds processes that still run from an older revision, until they end", async () => {
    const old = checkout.git("rev-parse", "HEAD~1");
    const child = spawn("sleep", ["60"], { cwd: onHost("web3", "app-cache/revs", old), stdio: "ignore" });
    const { status, stdout } = await scap("status");
    child.kill();
    await once(child, "exit");
    expect(stdout).toContain(`web3 (1): still running from ${old.slice(0, 7)}: sleep\n`);
    expect(status).toBe(1);
    expect((await scap("status")).status).toBe(0);
  });

  it("tells it all to programs with --json, of the hosts that --limit-hosts selects", async () => {
    undone.push(edit("web2", "version.txt", "patched by hand\n"));
    const { stdout } = await scap("status", "--json", "-l", "web2");
    const commit = checkout.git("rev-parse", "HEAD");
    expect(JSON.parse(stdout)).toMatchObject({
      groups: [
        {
          group: "default",
          answers: [
            {
              hosts: ["web2"],
              text: short(),
              current: commit,
              done: commit,
              previous: checkout.git("rev-parse", "HEAD~1"),
              edited: [" M version.txt"],
              configDrift: [],
              staleProcesses: [],
            },
          ],
        },
      ],
      isUniform: true,
      hasDrift: true,
    });
  });

  it("says which hosts could not be asked, and why", async () => {
    const list = join(checkout.directory, "scap/targets");
    writeFileSync(list, "web1\nweb2\nnosuch.invalid\n");
    undone.push(() => writeFileSync(list, HOSTS.join("\n")));
    const { status, stdout } = await scap("status");
    expect(stdout).toMatch(/^nosuch\.invalid \(1\): .*nosuch\.invalid/m);
    expect(status).toBe(1);
  });

  it("starts no worker: a host where none can be stored answers all the same", async () => {
    const cache = "${XDG_CACHE_HOME:-$HOME/.cache}/scap";
    await lab.host("web1").exec(["sh", "-c", `rm -rf "${cache}" && touch "${cache}"`]);
    expect((await scap("status", "-l", "web1")).status).toBe(0);
    await lab.host("web1").exec(["sh", "-c", `rm "${cache}"`]);
  });
});
