import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";
import { startWebhookReceiver } from "./support/webhook-receiver.ts";

const HOSTS = ["web1", "web2"];
let lab: Lab;
let checkout: Checkout;
let directory: string;

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-around-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  checkout.remove();
});

function scap(...args: string[]): Promise<ScapResult> {
  return runScap(args, { cwd: checkout.directory, env: lab.env });
}

it("a freeze refuses deployments with its reason and its end, but for --during-freeze", async () => {
  const freeze = join(directory, "freeze.yaml");
  writeFileSync(freeze, "freezes:\n  - reason: the big move\n    until: 2999-01-02T03:04:05Z\n");
  checkout = new Checkout(scapFiles(HOSTS, { git_repo: "test/frozen", freeze_file: freeze }));
  const refused = await scap("deploy", "now");
  expect(refused.stderr).toContain(
    `Deployments of test/frozen are frozen until 2999-01-02T03:04:05Z: the big move (${freeze})`,
  );
  expect(refused.status).toBe(1);
  expect(checkout.git("tag", "--list")).toBe("");
  expect((await scap("deploy", "--plan")).status).toBe(0);
  expect((await scap("deploy", "--during-freeze", "security fix")).status).toBe(0);
});

it("webhooks are told of a deployment after a receiver's trouble, and a dead one stalls nothing", async () => {
  const receiver = await startWebhookReceiver();
  const urls = `${receiver.url}, http://127.0.0.1:1/dead`;
  checkout = new Checkout(scapFiles(HOSTS, { git_repo: "test/told", notify_webhooks: urls }));
  const { status, stderr } = await scap("deploy", "tell them");
  receiver.close();
  expect(status).toBe(0);
  const common = { repo: "test/told", message: "tell them", commit: checkout.git("rev-parse", "HEAD") };
  expect(receiver.told).toEqual([
    expect.objectContaining({ ...common, event: "deploy.started" }),
    expect.objectContaining({ ...common, event: "deploy.finished", outcome: "ok", deployed: HOSTS }),
  ]);
  expect(stderr).toContain("warning: webhook 127.0.0.1:1: 2 messages were lost: ");
  expect(stderr).not.toContain("/dead");
  // The event as it is documented, and nothing that only log files need.
  expect(Object.keys(receiver.told[1] ?? {}).toSorted()).toEqual(
    [
      ...["at", "commit", "deployServer", "deployed", "durationMs", "environment", "event", "failedHosts"],
      ...["message", "outcome", "repo", "text", "untouched", "user"],
    ].toSorted(),
  );
});

it("a webhook receiver that accepts and never answers keeps no deployment", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => void sockets.add(socket.on("error", () => {}))).listen(
    0,
    "127.0.0.1",
  );
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/hook`;
  checkout = new Checkout(scapFiles(HOSTS, { git_repo: "test/silent", notify_webhooks: url }));
  const { status, stderr } = await scap("deploy", "tell nobody");
  for (const socket of sockets) socket.destroy();
  silent.close();
  expect(status).toBe(0);
  expect(sockets.size).toBeGreaterThan(0);
  expect(stderr).toContain(`warning: webhook 127.0.0.1:${port}: 2 messages were lost`);
});

it("a revision with files in a shared directory is refused before a host is touched", async () => {
  checkout = new Checkout({
    ...scapFiles(HOSTS, { git_repo: "test/shared", shared: "cache" }),
    "cache/x": "1\n",
  });
  const { status, stderr } = await scap("deploy", "x");
  expect(stderr).toContain("shared: cache is part of");
  expect(status).toBe(1);
  expect(checkout.git("tag", "--list")).toBe("");
});

it("a task that runs once is in the plan, runs on one host, and stops everything when it fails", async () => {
  const trace = join(directory, "trace");
  const checks = (command: string): Record<string, string> => ({
    "scap/checks.yaml": `checks:\n  migrate:\n    command: ${command}\n    shell: true\n    before: promote\n    run: once\n    group: default\n`,
  });
  const files = scapFiles([...HOSTS], { git_repo: "test/once", server_groups: "default" });
  checkout = new Checkout({ ...files, ...checks(`echo ran >>${trace}`) });
  expect((await scap("deploy", "--plan")).stdout).toContain("once, on one host: migrate before promote");
  expect((await scap("deploy", "first")).status).toBe(0);
  expect((await lab.host("web1").exec(["cat", trace])).stdout).toBe("ran\n");
  checkout.commit({ ...checks("exit 3"), "version.txt": "2\n" });
  const { status, stderr } = await scap("deploy", "second");
  expect(stderr).toContain("migrate failed before promote on web1");
  expect(status).toBe(1);
});

it("a rendered file that its validate command refuses does not go live, nor does its revision", async () => {
  const rendered = (text: string): Record<string, string> => ({
    "scap/templates/app.conf.j2": `${text}\n`,
    "scap/config-files.yaml": "app.conf:\n  template: app.conf.j2\n  validate: grep -q good %s\n",
  });
  checkout = new Checkout({
    ...scapFiles(HOSTS, { git_repo: "test/validated", config_deploy: "true" }),
    ...rendered("good"),
  });
  expect(await scap("deploy", "good")).toMatchObject({ status: 0 });
  checkout.commit(rendered("bad"));
  const { status, stderr } = await scap("deploy", "bad");
  expect(status).toBe(1);
  expect(stderr).toContain("Config file app.conf was refused by its validate command (status 1)");
  for (const host of lab.hosts) {
    const live = readFileSync(host.outside(join(host.deployDir, "test/validated/app.conf")), "utf8");
    expect(live).toBe("good");
  }
});
