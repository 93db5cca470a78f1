import { createHash } from "node:crypto";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPackStore, openRepository } from "@scap/git";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WorkerProcess } from "./worker-process.ts";

const CYCLES = 200;
/** A worker is killed in every so many cycles, each time a little later after it was asked for something. */
const KILL_EVERY = 10;

/**
 * Reads code and configuration in a tight loop, as a program does that enters the final path once, and by the link in the
 * place where programs look. What comes by two ways only counts when the final path did not change in between; it may have
 * changed back and forth, which only shows in the link itself.
 */
const READER = `
const { chdir } = process, { lstatSync, readFileSync } = require("node:fs");
const [final, config] = process.argv.slice(1), link = "/" + config;
let reads = 0, over = false;
const bad = new Set();
const switched = () => { const { ino, ctimeNs } = lstatSync(final, { bigint: true }); return ino + " " + ctimeNs; };
process.on("SIGTERM", () => { over = true; });
(function look() {
  for (let round = 0; round < 50; round++, reads++) {
    try {
      chdir(final);
      const [code, own] = [readFileSync("v", "utf8"), readFileSync(".git/config-files/" + config, "utf8")];
      if (code !== own) bad.add("inside: code " + code + ", configuration " + own);
      const before = switched();
      const [far, linked] = [readFileSync(final + "/v", "utf8"), readFileSync(link, "utf8")];
      if (switched() === before && far !== linked) bad.add("by link: " + far + " and " + linked);
    } catch (error) { bad.add(String(error)); }
  }
  if (over) console.log(JSON.stringify({ reads, bad: [...bad] }));
  else setImmediate(look);
})();
`;

/** Stands for sudo: what is restarted runs what is live at that moment. No command of its own keeps it quick. */
const SERVICE = `#!/bin/sh
read -r version <"$TEST_DIRECTORY/srv/web/v"
echo "$version" >"$TEST_DIRECTORY/service"
`;

let directory: string;
let commits: [string, string];
let runs = 0;
beforeAll(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "scap-unit-test-")));
  for (const name of ["source", "srv", "etc", "bin"]) mkdirSync(join(directory, name));
  writeFileSync(join(directory, "bin/sudo"), SERVICE, { mode: 0o755 });
  git("init", "--quiet");
  commits = [commit("1"), commit("2")];
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function git(...args: string[]): string {
  const identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
  return execFileSync("git", [...identity, ...args], { cwd: join(directory, "source"), encoding: "utf8" });
}

function commit(version: string): string {
  writeFileSync(join(directory, "source/v"), version);
  git("add", "v");
  git("commit", "--quiet", "-m", version);
  return git("rev-parse", "HEAD").trim();
}

const configName = (): string => join(directory, "etc/app.conf");

/** A worker of a new run, for the revision with this version. */
async function start(version: 1 | 2): Promise<WorkerProcess> {
  const path = `${join(directory, "bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const worker = new WorkerProcess({ PATH: path, TEST_DIRECTORY: directory });
  const place = { repo: "web", gitDeployDir: join(directory, "srv"), run: String(++runs).padStart(6, "0") };
  await must(worker, { op: "hello", protocol: 1, ...place, writer: true });
  const file = { name: configName(), output_format: null, template: "{{ v }}", erb_syntax: false };
  const config = { files: [file], override_vars: { v: version } };
  const deployInfo = `commit: ${commits[version - 1]}\ntag: t\nservice_name: web\nconfig_deploy: true\nconfig_files: ${JSON.stringify(config)}\n`;
  const sha256 = createHash("sha256").update(deployInfo).digest("hex");
  await must(worker, { op: "publish", deployInfo, sha256, dryRun: false });
  return worker;
}

async function fetch(worker: WorkerProcess, version: 1 | 2): Promise<void> {
  const store = await createPackStore(await openRepository(join(directory, "source")));
  const [revision, bases] = [commits[version - 1] ?? "", [] as string[]];
  const packed = await store.pack({ commit: revision, bases });
  const { indexBytes, payloadBytes, sha256 } = packed;
  const request = { op: "pack", commit: revision, bases, refs: {}, indexBytes, payloadBytes, sha256 };
  await must(worker, request, packed.open());
  await store.dispose();
  await stage(worker, "fetch");
  await stage(worker, "config_deploy");
}

async function must(
  worker: WorkerProcess,
  request: Record<string, unknown>,
  payload?: AsyncIterable<Buffer>,
): Promise<void> {
  const { error } = await worker.ask(request, payload);
  expect(error).toBeUndefined();
}

async function stage(worker: WorkerProcess, name: string): Promise<void> {
  await must(worker, { op: "stage", stage: name, force: false, timeoutMs: 30_000 });
}

/** Makes a version live, or goes back to it; the service must run it then. */
async function turn(worker: WorkerProcess, name: "promote" | "rollback"): Promise<void> {
  await stage(worker, name);
  expect(readFileSync(join(directory, "service"), "utf8").trim()).toBe(name === "promote" ? "2" : "1");
}

async function stopReader(reader: ChildProcess): Promise<{ reads: number; bad: string[] }> {
  let output = "";
  reader.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const closed = new Promise((resolve) => reader.once("close", resolve));
  reader.kill("SIGTERM");
  await closed;
  return JSON.parse(output) as { reads: number; bad: string[] };
}

it("never shows code of one revision with the configuration or the service of another, whatever is killed", async () => {
  const first = await start(1);
  await fetch(first, 1);
  for (const name of ["promote", "finalize"]) await stage(first, name);
  await first.close();
  let worker = await start(2);
  await fetch(worker, 2);
  const reader = spawn("nice", [
    ...["-n", "19", process.execPath, "-e", READER],
    ...[join(directory, "srv/web"), configName().slice(1)],
  ]);
  try {
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      if (cycle % KILL_EVERY !== 0) {
        await turn(worker, "promote");
        await turn(worker, "rollback");
        continue;
      }
      const name = (cycle / KILL_EVERY) % 2 === 0 ? "promote" : "rollback";
      if (name === "rollback") await turn(worker, "promote");
      void worker.ask({ op: "stage", stage: name, force: false, timeoutMs: 30_000 });
      await sleep((cycle / KILL_EVERY) * 0.8);
      worker.child.kill("SIGKILL");
      await worker.exited;
      worker = await start(2);
    }
  } finally {
    await worker.close();
  }
  const { bad, reads } = await stopReader(reader);
  expect(bad).toEqual([]);
  expect(reads).toBeGreaterThan(100);
}, 120_000);
