import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, lockStatus, LOCK_TOKEN_VARIABLE } from "../src/index.ts";
import { startPythonLock } from "./lock-process.ts";

let directory: string;
let globalLock: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-status-"));
  globalLock = join(directory, "scap-global-lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function acquire(name: string, options: { mode?: "shared"; timeoutMs?: number; signal?: AbortSignal } = {}) {
  return acquireLock({
    path: join(directory, name),
    name,
    reason: "why",
    globalLock,
    timeoutMs: 0,
    ...options,
  });
}

async function whileWaiting(name: string, look: () => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const { promise, resolve } = deferred();
  const waiting = acquireLock({
    path: join(directory, name),
    name,
    reason: "waits",
    globalLock,
    timeoutMs: 20_000,
    signal: controller.signal,
    onWaiting: () => resolve(),
  });
  waiting.catch(() => {});
  await promise;
  try {
    await look();
  } finally {
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test("tells which locks are held, free or stale, by whom, since when and why (lock W6) (lock W20)", async () => {
  writeFileSync(join(directory, "scap.free.lock"), "{}");
  const note = { locker: "ghost", pid: 1, timestamp_utc: "Tue Aug  6 12:34:56 2024", reason: "old" };
  writeFileSync(join(directory, "scap.stale.lock"), JSON.stringify(note));
  writeFileSync(join(directory, "unrelated"), "");
  const lock = await acquire("scap.held.lock");
  const states = await lockStatus({ globalLock, now: new Date("2024-08-06T12:35:56Z") });
  lock.release();
  expect(states.map(({ path, state, mode }) => [path.slice(directory.length + 1), state, mode])).toEqual([
    ["scap-global-lock", "held", "shared"],
    ["scap.free.lock", "free", null],
    ["scap.held.lock", "held", "exclusive"],
    ["scap.stale.lock", "stale", null],
  ]);
  expect(states[2]).toMatchObject({ reason: "why", pid: process.pid, holders: [{ pid: process.pid }] });
  expect(states[3]).toMatchObject({ locker: "ghost", since: "2024-08-06T12:34:56.000Z", ageSeconds: 60 });
});

test("tells who waits", async () => {
  const path = join(directory, "scap.x.lock");
  writeFileSync(path, "");
  const holder = startPythonLock(path, "exclusive");
  await holder.nextLine();
  const waiter = startPythonLock(path, "exclusive");
  await waiter.nextLine();
  const [state] = await lockStatus({ globalLock: join(directory, "none"), paths: [] }).then((all) => all);
  expect(state).toMatchObject({ holders: [{ pid: holder.pid }], waiters: [{ pid: waiter.pid }] });
  await holder.finish();
  await waiter.finish();
});

test("somebody who waits to lock everything keeps new commands back, but not child commands of running ones (lock W22)", async () => {
  writeFileSync(globalLock, "");
  const running = startPythonLock(globalLock, "shared");
  await running.nextLine();
  await whileWaiting("scap-global-lock", async () => {
    const attempt = acquire("scap.b.lock");
    await expect(attempt).rejects.toMatchObject({
      hint: expect.stringContaining("waits to lock everything"),
    });
    process.env[LOCK_TOKEN_VARIABLE] = String(running.pid);
    try {
      (await acquire("scap.b.lock")).release();
    } finally {
      delete process.env[LOCK_TOKEN_VARIABLE];
    }
  });
  (await acquire("scap.b.lock")).release();
  await running.finish();
});

test("a process that holds the global lock takes further locks while somebody waits to lock everything", async () => {
  // As /var/lock is on many systems.
  symlinkSync(".", join(directory, "link"));
  directory = join(directory, "link");
  globalLock = join(directory, "scap-global-lock");
  const first = await acquire("scap.a.lock");
  await whileWaiting("scap-global-lock", async () => {
    const second = await acquire("scap.b.lock");
    expect(second.isHeld).toBe(true);
    second.release();
  });
  first.release();
  directory = dirname(directory);
});
