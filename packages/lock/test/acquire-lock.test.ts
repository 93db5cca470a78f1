import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  acquireLock,
  acquireLocks,
  LockHeldError,
  type AcquireLockOptions,
  type HeldLock,
  type LockWait,
} from "../src/index.ts";

let directory: string;
let held: HeldLock[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-lock-"));
  held = [];
});

afterEach(() => {
  for (const lock of held) lock.release();
  rmSync(directory, { recursive: true, force: true });
});

const at = (name: string): string => join(directory, name);

async function acquire(path: string, options: Partial<AcquireLockOptions> = {}): Promise<HeldLock> {
  const lock = await acquireLock({
    path: at(path),
    name: "test",
    reason: "testing",
    timeoutMs: 0,
    globalLock: at("scap-global-lock"),
    ...options,
  });
  held.push(lock);
  return lock;
}

/** Root may write everything; anybody else stays who they are. */
async function asNobody(work: () => Promise<unknown>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test("creates directories by umask, lock files for everybody, and leaves the umask alone (case 2)", async () => {
  const umask = process.umask(0o077);
  try {
    await acquire("a/b/scap.x.lock", { globalLock: at("a/scap-global-lock") });
    expect(process.umask()).toBe(0o077);
  } finally {
    process.umask(umask);
  }
  const modes = ["a", "a/b", "a/b/scap.x.lock", "a/scap-global-lock"].map((path) => statSync(at(path)).mode);
  expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(["700", "700", "666", "666"]);
  expect(readFileSync(at("a/scap-global-lock"), "utf8")).toBe("");
});

test("writes the note while the lock is held and {} after it (cases 3 and 4)", async () => {
  const lock = await acquire("scap.x.lock", { reason: 'Deploying é "x"' });
  const text = readFileSync(lock.path, "utf8");
  expect(text).toMatch(
    /^\{\n {4}"locker": ".+",\n {4}"pid": \d+,\n {4}"timestamp_utc": "\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}",\n/,
  );
  expect(text.endsWith(String.raw`    "reason": "Deploying \u00e9 \"x\""` + "\n}")).toBe(true);
  lock.release();
  lock.release();
  expect(readFileSync(lock.path, "utf8")).toBe("{}");
});

test("a longer old note leaves nothing behind", async () => {
  writeFileSync(at("scap.x.lock"), "x".repeat(5000));
  const lock = await acquire("scap.x.lock");
  expect(JSON.parse(readFileSync(lock.path, "utf8"))).toMatchObject({ reason: "testing", pid: process.pid });
});

test("a shared lock leaves the contents alone (case 5)", async () => {
  writeFileSync(at("scap.x.lock"), "whatever");
  const lock = await acquire("scap.x.lock", { mode: "shared" });
  const second = await acquire("scap.x.lock", { mode: "shared" });
  lock.release();
  second.release();
  expect(readFileSync(lock.path, "utf8")).toBe("whatever");
});

test("SPIDERPIG_REAL_USER is the locker", async () => {
  process.env["SPIDERPIG_REAL_USER"] = "zoë";
  try {
    const lock = await acquire("scap.x.lock");
    expect(JSON.parse(readFileSync(lock.path, "utf8")).locker).toBe("zoë");
  } finally {
    delete process.env["SPIDERPIG_REAL_USER"];
  }
});

test.each([-1, 3_600_001, Number.NaN])(
  "refuses a timeout of %d ms (case 6) (lock W11)",
  async (timeoutMs) => {
    await expect(acquire("scap.x.lock", { timeoutMs })).rejects.toMatchObject({ code: "LOCK_BAD_OPTION" });
  },
);

test.each([0, 1000, 3_600_000])("accepts a timeout of %d ms (case 6)", async (timeoutMs) => {
  expect((await acquire("scap.x.lock", { timeoutMs })).isHeld).toBe(true);
});

test("refuses an unknown mode (case 7)", async () => {
  // @ts-expect-error the point is a value that the type forbids
  await expect(acquire("scap.x.lock", { mode: "greedy" })).rejects.toThrow('Unknown lock mode "greedy"');
});

test("refuses a path without a directory", async () => {
  const attempt = acquireLock({ path: "x.lock", name: "t", reason: "r", globalLock: false });
  await expect(attempt).rejects.toThrow("has no directory part");
});

test("names the directory that cannot be created (case 8)", async () => {
  writeFileSync(at("file"), "");
  const attempt = acquire("file/below/scap.x.lock", { globalLock: false });
  await expect(attempt).rejects.toThrow(`Cannot create lock directory ${at("file/below")}`);
});

test("refuses a directory in place of the lock file, and lets the global lock go (case 9) (lock W12)", async () => {
  mkdirSync(at("scap.x.lock"));
  await expect(acquire("scap.x.lock")).rejects.toThrow(/scap\.x\.lock: is a directory/);
  expect((await acquire("scap-global-lock")).isHeld).toBe(true);
});

test("says that the file of another user may not be written (case 10)", async () => {
  writeFileSync(at("scap.x.lock"), "{}", { mode: 0o444 });
  chmodSync(directory, 0o777);
  await asNobody(() =>
    expect(acquire("scap.x.lock")).rejects.toThrow(
      `Cannot open lock file ${at("scap.x.lock")}: permission denied`,
    ),
  );
  expect((await acquire("scap-global-lock")).isHeld).toBe(true);
});

test("follows no symbolic link and empties no victim (lock W4)", async () => {
  writeFileSync(at("victim"), "precious");
  symlinkSync(at("victim"), at("scap.x.lock"));
  await expect(acquire("scap.x.lock")).rejects.toThrow("is a symbolic link");
  expect(readFileSync(at("victim"), "utf8")).toBe("precious");
});

const isRoot = process.getuid?.() === 0;
const needsRoot = isRoot ? "" : " NOT RUN: needs root";

test.skipIf(!isRoot)(
  `with a group, lock files are closed to everybody else${needsRoot} (lock W4)`,
  async () => {
    writeFileSync(at("scap.x.lock"), "{}");
    chmodSync(at("scap.x.lock"), 0o666);
    await acquire("scap.x.lock", { group: "daemon" });
    for (const name of ["scap.x.lock", "scap-global-lock"]) {
      const { gid, mode } = statSync(at(name));
      expect([gid, (mode & 0o777).toString(8)]).toEqual([1, "660"]);
    }
    chmodSync(directory, 0o777);
    await asNobody(() =>
      expect(acquire("scap.x.lock")).rejects.toThrow(/scap-global-lock: permission denied/),
    );
  },
);

test.skipIf(!isRoot)(
  `with a group, somebody outside of it leaves no file that the others refuse${needsRoot} (lock W4)`,
  async () => {
    chmodSync(directory, 0o777);
    await asNobody(() =>
      expect(acquire("scap.x.lock", { group: "daemon" })).rejects.toMatchObject({ code: "LOCK_UNTRUSTED" }),
    );
    expect(readdirSync(directory)).toEqual([]);
    expect((await acquire("scap.x.lock", { group: "daemon" })).isHeld).toBe(true);
  },
);

test.skipIf(!isRoot)(`refuses the file of an owner outside of the group${needsRoot} (lock W4)`, async () => {
  writeFileSync(at("scap.x.lock"), "{}");
  chownSync(at("scap.x.lock"), 65_534, 65_534);
  await expect(acquire("scap.x.lock", { group: "daemon" })).rejects.toMatchObject({ code: "LOCK_UNTRUSTED" });
});

test("a group that does not exist is an error, and nothing is locked", async () => {
  await expect(acquire("scap.x.lock", { group: "no-such-group" })).rejects.toMatchObject({
    code: "LOCK_BAD_OPTION",
  });
  expect(readdirSync(directory)).toEqual([]);
});

test("two locks on different files are held at once (case 12)", async () => {
  await acquire("scap.a.lock");
  expect((await acquire("scap.b.lock")).isHeld).toBe(true);
});

test("fails at once with the holder when the timeout is 0 (case 18)", async () => {
  await acquire("scap.x.lock", { reason: "the first" });
  const error = await acquire("scap.x.lock").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(LockHeldError);
  expect(String(error)).toMatch(
    new RegExp(`is locked by .+ \\(pid ${process.pid}, .+since .+ UTC.*: the first$`),
  );
});

test("fails when the deadline passes, one for both locks (case 17) (lock W8) (lock W9)", async () => {
  await acquire("scap.x.lock");
  const started = performance.now();
  await expect(acquire("scap.x.lock", { timeoutMs: 150 })).rejects.toMatchObject({ waitedMs: 150 });
  expect(performance.now() - started).toBeGreaterThanOrEqual(149);
});

test("says the waiting time that was asked for, also without the second lock of several servers", async () => {
  await acquire("scap.lock");
  const local = { path: at("scap.lock"), name: "deploy", reason: "x", globalLock: at("scap-global-lock") };
  await expect(acquireLocks({ local: { ...local, timeoutMs: 20 } })).rejects.toThrow(
    'Cannot get the lock "deploy" after waiting 0.02 seconds:',
  );
  await expect(acquireLocks({ local: { ...local, timeoutMs: 5_000_000 } })).rejects.toThrow(
    "Lock timeout of 5000 seconds is out of range",
  );
});

test("gets the lock as soon as it is free, after having said who holds it (case 11) (lock W7)", async () => {
  const first = await acquire("scap.x.lock", { reason: "the first" });
  const waits: LockWait[] = [];
  const second = await acquire("scap.x.lock", {
    timeoutMs: 10_000,
    onWaiting: (_holders, wait) => {
      waits.push(wait);
      first.release();
    },
  });
  expect(waits.map(({ lines }) => lines[0])).toEqual([expect.stringContaining("the first")]);
  expect(second.isHeld).toBe(true);
});

test("an abort ends the waiting and frees what was taken (lock W13)", async () => {
  await acquire("scap.x.lock");
  const controller = new AbortController();
  const attempt = acquire("scap.x.lock", {
    timeoutMs: 10_000,
    signal: controller.signal,
    onWaiting: () => controller.abort(new Error("stopped by the user")),
  });
  await expect(attempt).rejects.toThrow("stopped by the user");
  held[0]?.release();
  expect((await acquire("scap-global-lock")).isHeld).toBe(true);
});

test("a specific lock waits for an exclusive global lock and says how to remove it (case 13)", async () => {
  await acquire("scap-global-lock", { reason: "maintenance" });
  const error = await acquire("scap.x.lock").catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    message: expect.stringContaining('Cannot get the lock "global lock"'),
    hint: expect.stringContaining("scap lock --unlock-all"),
  });
});

test("with the global lock switched off, an exclusive global lock does not matter (case 19)", async () => {
  await acquire("scap-global-lock");
  expect((await acquire("scap.x.lock", { globalLock: false })).isHeld).toBe(true);
});

test("an exclusive global lock waits for every specific lock, and ignores stale and foreign notes (cases 14 and 15) (lock W6)", async () => {
  const note = JSON.stringify({ locker: "ghost", pid: 1, timestamp_utc: "x", reason: "old" });
  writeFileSync(at("scap.stale.lock"), note);
  writeFileSync(at("scap.bad.lock"), "garbage");
  writeFileSync(at("other.lock"), note);
  await acquire("scap.a.lock", { reason: "first" });
  await acquire("scap.b.lock", { reason: "second" });
  const error = await acquire("scap-global-lock").catch((caught: unknown) => caught);
  if (!(error instanceof LockHeldError)) throw error;
  expect(error.holders.map((holder) => holder.note?.reason)).toEqual(["first", "second"]);
  expect(error.hint).not.toContain("--unlock-all");
});

test("a lock file that was removed meanwhile is not mistaken for the lock", async () => {
  const first = await acquire("scap.x.lock");
  rmSync(first.path);
  const second = await acquire("scap.x.lock");
  await expect(acquire("scap.x.lock")).rejects.toBeInstanceOf(LockHeldError);
  expect(second.isHeld).toBe(true);
});
