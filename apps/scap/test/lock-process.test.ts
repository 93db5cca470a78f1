import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCAP = fileURLToPath(new URL("../bin/scap.cjs", import.meta.url));

let directory: string;
let started: ChildProcess[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-lock-process-"));
  started = [];
});
afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly status: Promise<number | null>;
  readonly printed: (text: string) => Promise<void>;
}

function scapLock(...args: readonly string[]): Run {
  const defines = [`lock_dir:${directory}`, `lock_signal_dir:${directory}`, "git_repo:a/b"];
  const words = ["lock", ...defines.flatMap((define) => ["-D", define]), ...args];
  const child = spawn(process.execPath, [SCAP, ...words], {
    stdio: ["pipe", "ignore", "pipe"],
    cwd: directory,
  });
  started.push(child);
  let text = "";
  child.stderr?.on("data", (chunk) => {
    text += String(chunk);
  });
  return {
    child,
    status: once(child, "exit").then(([code]) => (typeof code === "number" ? code : null)),
    async printed(wanted) {
      while (!text.includes(wanted))
        await Promise.race([once(child.stderr ?? child, "data"), once(child, "close")]);
    },
  };
}

const note = (name: string): string => readFileSync(join(directory, name), "utf8");

test.each([
  ["SIGINT", 0],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s releases the lock, clears the note and announces it (lock W18)", async (signal, status) => {
  const run = scapLock("testing");
  await run.printed("Locked [a/b]");
  expect(note("scap.a_b.lock")).toContain("testing");
  run.child.kill(signal);
  await run.printed("Unlocked [a/b]");
  expect(await run.status).toBe(status);
  expect(note("scap.a_b.lock")).toBe("{}");
});

test("Ctrl-C while waiting ends with 130 (case 21)", async () => {
  const holder = scapLock("first");
  await holder.printed("Locked [a/b]");
  const waiter = scapLock("second");
  await waiter.printed("is locked by");
  waiter.child.kill("SIGINT");
  expect(await waiter.status).toBe(130);
  holder.child.stdin?.end();
  expect(await holder.status).toBe(0);
});

test("a lock in the background outlives its command and ends by a forced unlock (case 33)", async () => {
  expect(await scapLock("--all", "--bg", "hold").status).toBe(0);
  expect(note("scap-global-lock")).toContain("hold");
  expect(await scapLock("--lock-timeout", "0", "me too").status).toBe(1);
  expect(await scapLock("--unlock-all", "--yes", "done").status).toBe(0);
  while (existsSync(join(directory, "scap-unlock-global-removed"))) await new Promise(setImmediate);
  expect(note("scap-global-lock")).toBe("{}");
  expect(readdirSync(directory).toSorted()).toEqual(["scap-global-lock"]);
});

test("a message that begins with a hyphen reaches the process in the background as it is (cli W9)", async () => {
  expect(await scapLock("--all", "--bg", "--for", "1h", "--", "-v", "--bg").status).toBe(0);
  const held = JSON.parse(note("scap-global-lock")) as { reason: string };
  expect(held.reason).toBe("-v --bg");
  expect(await scapLock("--unlock-all", "--yes", "done").status).toBe(0);
  while (existsSync(join(directory, "scap-unlock-global-removed"))) await new Promise(setImmediate);
  expect(note("scap-global-lock")).toBe("{}");
});

test("a lock that cannot be had in the background is reported by the command", async () => {
  const holder = scapLock("--all", "first");
  await holder.printed("Locked [ALL");
  const second = scapLock("--all", "--bg", "--lock-timeout", "0", "second");
  await second.printed("first");
  expect(await second.status).toBe(1);
  holder.child.stdin?.end();
  await holder.status;
});
