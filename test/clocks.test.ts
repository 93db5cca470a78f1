import { readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

const HOSTS = ["web1", "web2"];
const CLOCK = new URL("support/backward-clock.mjs", import.meta.url);
let lab: Lab;
let checkout: Checkout;
beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
  checkout = new Checkout(scapFiles(HOSTS));
});
afterAll(async () => {
  checkout.remove();
  await lab.close();
});

/** Runs scap with a clock that is wrong. */
function scap(args: readonly string[], clock: Record<string, string> = {}): Promise<ScapResult> {
  const env = { ...lab.env, ...clock, NODE_OPTIONS: `--import=${CLOCK.href}` };
  return runScap(args, { cwd: checkout.directory, env });
}

const logs = (): string[] => readdirSync(join(checkout.directory, "scap/log"));

function durationsIn(log: string): number[] {
  const lines = readFileSync(join(checkout.directory, "scap/log", log), "utf8")
    .trimEnd()
    .split("\n");
  return lines
    .map((line): unknown => JSON.parse(line).durationMs)
    .filter((duration): duration is number => typeof duration === "number");
}

describe("a clock that goes back with every look at it", () => {
  it("lets a deployment succeed, and no duration is negative", async () => {
    const { status, stderr } = await scap(["deploy", "first"], { CLOCK_STEP_MS: "1000" });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).not.toMatch(/-\d+(?:\.\d+)?(?:m? ?s|ms)\b|NaN/);
    const [log = ""] = logs();
    const durations = durationsIn(log);
    expect(durations.length).toBeGreaterThan(4);
    expect(durations.filter((duration) => duration < 0)).toEqual([]);
    const history = await scap(["history", "--json"], { CLOCK_STEP_MS: "1000" });
    expect(JSON.parse(history.stdout)).toMatchObject({ outcome: "ok", message: "first" });
    expect(JSON.parse(history.stdout).durationMs).toBeGreaterThan(0);
  });

  it("does not keep a lock's age or a status from being told", async () => {
    const status = await scap(["status"], { CLOCK_STEP_MS: "60000" });
    expect(status.status).toBe(0);
    const lock = await scap(["lock", "--for", "10ms", "x"], { CLOCK_STEP_MS: "60000" });
    expect(lock.stderr + lock.stdout).toMatch(/duration: 00m 00s/);
  });
});

describe("a clock that was set back since the last deployment", () => {
  it("does not make the next ones older than what their targets know", async () => {
    const behind = { CLOCK_BACK_MS: String(23 * 3_600_000) };
    checkout.commit({ "version.txt": "2\n" });
    expect(await scap(["deploy", "after most of a day back"], behind)).toMatchObject({ status: 0 });
    const last = checkout.commit({ "version.txt": "3\n" });
    expect(await scap(["deploy", "still back"], behind)).toMatchObject({ status: 0 });
    const tags = checkout.git("tag", "--list", "scap/sync/*").split("\n").toSorted();
    expect(checkout.git("rev-parse", `${tags.at(-1)}^{commit}`)).toBe(last);
    for (const { root } of lab.hosts)
      expect(readFileSync(join(root, "srv/deployment/test/app/version.txt"), "utf8")).toBe("3\n");
  });

  it("lets --resume find the deployment that was the last", async () => {
    checkout.commit({ "scap/checks.yaml": "checks: {bad: {command: 'false', after: promote}}\n" });
    const earlier = logs();
    const failed = await scap(["deploy", "--yes", "the last one"], { CLOCK_BACK_MS: "7200000" });
    expect(failed.status).toBe(1);
    const later = new Date(Date.now() + 7_200_000);
    for (const log of earlier) utimesSync(join(checkout.directory, "scap/log", log), later, later);
    const resumed = await scap(["deploy", "--resume"]);
    expect(resumed.stderr).toContain("it was rolled back");
  });
});
