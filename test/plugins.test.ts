import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2"];
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
let lab: Lab;
let directory: string;
let checkout: Checkout;
beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
  checkout = new Checkout(scapFiles(HOSTS));
  directory = mkdtempSync(join(tmpdir(), "scap-plugin-"));
  // The guide's file, where it finds the package that its transport is made of.
  mkdirSync(join(directory, "node_modules/@scap"), { recursive: true });
  symlinkSync(path("../packages/ssh-job"), join(directory, "node_modules/@scap/ssh-job"));
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  copyFileSync(path("../examples/plugins/site.js"), join(directory, "site.js"));
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  checkout.remove();
  await lab.close();
});

function deploy(plugin: string, ...args: string[]): Promise<ScapResult> {
  const env = {
    ...lab.env,
    SSH_VIA_JUMP: lab.env["SCAP_SSH_CONFIG"] ?? "",
    DEPLOYMENT_DIARY: join(directory, "diary"),
  };
  const argv = ["deploy", ...args, "-D", `plugins:${join(directory, plugin)}`];
  return runScap(argv, { cwd: checkout.directory, env });
}

it("a notifier is told a deployment, which goes over a transport of the same plugin", async () => {
  const { status, stderr } = await deploy("site.js", "by plugin", "-D", "ssh_transport:jump");
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(readFileSync(join(directory, "diary"), "utf8")).toMatch(
    /^Started deploy \[test\/app@\w+\]: by plugin\nFinished deploy \[test\/app@\w+\]: by plugin \(duration: .*\)\n$/,
  );
});

it("a notifier that throws is warned about once, and one that hangs keeps no deployment from its end", async () => {
  writeFileSync(
    join(directory, "bad.js"),
    `export const plugin = { name: "bad", notifiers: [
      { name: "throws", notify: () => { throw new Error("no paper"); } },
      { name: "hangs", notify: () => new Promise(() => setInterval(() => {}, 1000)) },
    ] };`,
  );
  checkout.commit({ "version.txt": "2\n" });
  const { status, stderr } = await deploy("bad.js", "all the same");
  expect(status).toBe(0);
  expect(stderr.match(/the notifier throws failed: no paper/g)).toHaveLength(1);
  expect(stderr).toMatch(/Finished deploy .*all the same/);
});

it("a transport that cannot be made is one sentence about its plugin, before a host is touched", async () => {
  writeFileSync(
    join(directory, "broken.js"),
    `export const plugin = { name: "broken", transports: [
      { name: "tunnel", create: () => { throw new Error("the tunnel is closed"); } },
    ] };`,
  );
  checkout.commit({ "version.txt": "3\n" });
  const { status, stderr } = await deploy("broken.js", "no way", "-D", "ssh_transport:tunnel");
  expect(status).toBe(1);
  expect(stderr).toContain("The plugin broken failed: the tunnel is closed\n");
  expect(stderr).not.toContain("    at ");
});

it("what is no transport is one sentence about its plugin, too", async () => {
  writeFileSync(
    join(directory, "number.js"),
    'export const plugin = { name: "number", transports: [{ name: "tunnel", create: () => 42 }] };',
  );
  const { status, stderr } = await deploy("number.js", "no way", "-D", "ssh_transport:tunnel");
  expect(status).toBe(1);
  expect(stderr).toContain(
    "The plugin number failed: its transport must have the functions connect and close\n",
  );
});

it("a plugin that throws where nobody waits for it is warned about, and the deployment goes on", async () => {
  writeFileSync(
    join(directory, "stray.js"),
    `export const plugin = { name: "stray", notifiers: [
      { name: "timer", notify: () => new Promise((told) => setImmediate(() => { told(); throw new Error("no ink"); })) },
      { name: "promise", notify: () => { void Promise.reject(new Error("no ink")); } },
    ] };`,
  );
  checkout.commit({ "version.txt": "4\n" });
  const { status, stderr } = await deploy("stray.js", "all the same");
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(stderr.match(/stray\.js failed in the background: no ink/g)).toHaveLength(1);
  expect(stderr).toMatch(/Finished deploy .*all the same/);
});
