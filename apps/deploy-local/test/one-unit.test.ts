import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { must, stage, WorkerHost } from "./worker-host.ts";
import type { WorkerProcess } from "./worker-process.ts";

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

let host: WorkerHost;
let commits: [string, string];
let runs = 0;
beforeAll(() => {
  host = new WorkerHost();
  mkdirSync(join(host.directory, "etc"));
  host.command("sudo", SERVICE);
  commits = [host.commit("v", "1"), host.commit("v", "2")];
});
afterAll(async () => host.remove());

const configName = (): string => join(host.directory, "etc/app.conf");

/** A worker of a new run, for the revision with this version. */
async function start(version: 1 | 2): Promise<WorkerProcess> {
  const file = { name: configName(), output_format: null, template: "{{ v }}", erb_syntax: false };
  const config = { files: [file], override_vars: { v: version } };
  const info = `service_name: web\nconfig_deploy: true\nconfig_files: ${JSON.stringify(config)}\n`;
  return await host.open({ run: String(++runs).padStart(6, "0"), commit: commits[version - 1] ?? "", info });
}

async function fetch(worker: WorkerProcess, version: 1 | 2): Promise<void> {
  await host.send(worker, commits[version - 1] ?? "");
  for (const name of ["fetch", "config_deploy"]) await must(worker, stage(name));
}

/** Makes a version live, or goes back to it; the service must run it then. */
async function turn(worker: WorkerProcess, name: "promote" | "rollback"): Promise<void> {
  await must(worker, stage(name));
  expect(readFileSync(join(host.directory, "service"), "utf8").trim()).toBe(name === "promote" ? "2" : "1");
}

async function stopReader(reader: ChildProcess): Promise<{ reads: number; bad: string[] }> {
  let output = "";
  reader.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const closed = new Promise((resolve) => reader.once("close", resolve));
  reader.kill("SIGTERM");
  await closed;
  return JSON.parse(output) as { reads: number; bad: string[] };
}

it("never shows code of one revision with the configuration or the service of another, whatever is killed (deploy W11)", async () => {
  const first = await start(1);
  await fetch(first, 1);
  for (const name of ["promote", "finalize"]) await must(first, stage(name));
  await first.close();
  let worker = await start(2);
  await fetch(worker, 2);
  const reader = spawn("nice", [
    ...["-n", "19", process.execPath, "-e", READER],
    ...[host.final, configName().slice(1)],
  ]);
  // Also where time is over in the middle: it would read for ever.
  onTestFinished(() => void reader.kill("SIGKILL"));
  try {
    for (let cycle = 1; cycle <= CYCLES; cycle++) {
      if (cycle % KILL_EVERY !== 0) {
        await turn(worker, "promote");
        await turn(worker, "rollback");
        continue;
      }
      const name = (cycle / KILL_EVERY) % 2 === 0 ? "promote" : "rollback";
      if (name === "rollback") await turn(worker, "promote");
      void worker.ask(stage(name));
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
}, 300_000);
