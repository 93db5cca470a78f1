import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, LockHeldError, type HeldLock } from "../src/index.ts";
import { startPythonLock } from "./lock-process.ts";

const NOTE = JSON.stringify(
  { locker: "pat", pid: 99, timestamp_utc: "Tue Aug  6 12:34:56 2024", reason: "from Python" },
  null,
  4,
);

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-lock-"));
  path = join(directory, "scap.x.lock");
  writeFileSync(path, "");
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function acquire(mode: "exclusive" | "shared", timeoutMs = 0): Promise<HeldLock> {
  return acquireLock({ path, name: "test", reason: "ours", mode, timeoutMs, globalLock: false });
}

test("a lock of Python's fcntl.lockf keeps us out, and its note is shown", async () => {
  const python = startPythonLock(path, "exclusive", NOTE);
  expect(await python.nextLine()).toBe("locked");
  const error = await acquire("exclusive").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LockHeldError);
  expect(String(error)).toContain(`locked by pat (pid 99, ${python.pid}, python3 `);
  expect(String(error)).toContain("since Tue Aug  6 12:34:56 2024 UTC");
  await expect(acquire("shared")).rejects.toBeInstanceOf(LockHeldError);
  await python.finish();
  (await acquire("exclusive")).release();
});

test("our lock keeps Python out until it is released", async () => {
  const ours = await acquire("exclusive");
  const python = startPythonLock(path, "exclusive", NOTE);
  expect(await python.nextLine()).toBe("waiting");
  ours.release();
  expect(await python.nextLine()).toBe("locked");
  expect(readFileSync(path, "utf8")).toBe(NOTE);
  await python.finish();
});

test("shared locks of both kinds go together and keep exclusive ones out", async () => {
  const python = startPythonLock(path, "shared");
  expect(await python.nextLine()).toBe("locked");
  const ours = await acquire("shared");
  await expect(acquire("exclusive")).rejects.toThrow(`pid ${python.pid}`);
  await python.finish();
  ours.release();
});

test("the lock survives closing another descriptor of the same file in this process (lock W14)", async () => {
  const ours = await acquire("exclusive");
  readFileSync(path);
  const python = startPythonLock(path, "exclusive");
  expect(await python.nextLine()).toBe("waiting");
  ours.release();
  expect(await python.nextLine()).toBe("locked");
  await python.finish();
});

test("a holder with an empty note is reported without details of the note (case 16)", async () => {
  const python = startPythonLock(path, "exclusive");
  await python.nextLine();
  await expect(acquire("exclusive")).rejects.toThrow(`no details are available (pid ${python.pid}, python3`);
  await python.finish();
});

test("the lock of a killed holder is free at once, and its note is overwritten (case 20)", async () => {
  const python = startPythonLock(path, "exclusive", NOTE);
  await python.nextLine();
  await python.kill("SIGKILL");
  expect(readFileSync(path, "utf8")).toBe(NOTE);
  const ours = await acquire("exclusive");
  expect(JSON.parse(readFileSync(path, "utf8")).reason).toBe("ours");
  ours.release();
});
