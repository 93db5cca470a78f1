import {
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, readGlobalLock, requestUnlock, watchForUnlock, type HeldLock } from "../src/index.ts";
import { UnlockFiles } from "../src/unlock-files.ts";

let directory: string;
let globalLock: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-unlock-"));
  globalLock = join(directory, "scap-global-lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const requestFile = (): string => join(directory, "scap-unlock-global");
const answerFile = (): string => `${requestFile()}-removed`;

function lockAll(): Promise<HeldLock> {
  return acquireLock({ path: globalLock, name: "lock", reason: "maintenance", globalLock, timeoutMs: 0 });
}

/** Waits for a file without knowing when it comes. */
async function appearance(path: string): Promise<void> {
  while (!existsSync(path)) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

test("the holder gives the lock up when it is asked to (case 27)", async () => {
  const lock = await lockAll();
  expect(readGlobalLock(globalLock)).toMatchObject({
    kind: "set",
    isHeld: true,
    note: { reason: "maintenance" },
  });
  const watching = watchForUnlock({ signalDir: directory }).then(async (granted) => {
    await granted.answer();
    lock.release();
    granted.finish();
    return granted;
  });
  const outcome = requestUnlock({ globalLock, signalDir: directory, reason: "why é", releaser: "bob" });
  expect(await outcome).toBe("released");
  expect(await watching).toMatchObject({ releaser: "bob", reason: "why é", ownerUid: process.getuid?.() });
  expect([existsSync(requestFile()), existsSync(answerFile())]).toEqual([false, false]);
  expect(readFileSync(globalLock, "utf8")).toBe("{}");
  expect(readGlobalLock(globalLock)).toEqual({ kind: "not-set" });
});

test("a holder of the old kind, which waits until the request is gone, is understood", async () => {
  const lock = await lockAll();
  const outcome = requestUnlock({ globalLock, signalDir: directory, reason: "why", releaser: "bob" });
  await appearance(requestFile());
  expect((statSync(requestFile()).mode & 0o777).toString(8)).toBe("644");
  expect(readFileSync(requestFile(), "utf8")).toBe('{\n    "releaser": "bob",\n    "reason": "why"\n}');
  writeFileSync(answerFile(), "");
  while (existsSync(requestFile())) await new Promise(setImmediate);
  lock.release();
  expect(await outcome).toBe("released");
});

test("a requester of the old kind is served", async () => {
  const watching = watchForUnlock({ signalDir: directory });
  writeFileSync(requestFile(), "{"); // as a slow writer leaves it for a moment
  writeFileSync(requestFile(), '{\n    "releaser": "pat",\n    "reason": "old"\n}');
  const granted = await watching;
  expect(granted).toMatchObject({ releaser: "pat", reason: "old" });
  const answered = granted.answer();
  await appearance(answerFile());
  unlinkSync(requestFile());
  await answered;
  granted.finish();
  expect(existsSync(answerFile())).toBe(false);
});

test("an old request is ignored, and so is one of somebody who may not ask (case 32) (lock W1) (lock W2)", async () => {
  writeFileSync(requestFile(), '{"releaser": "old", "reason": "old"}');
  const controller = new AbortController();
  const refused: string[] = [];
  const watching = watchForUnlock({
    signalDir: directory,
    signal: controller.signal,
    isTrustedOwner: () => false,
    onRefused: (request) => {
      refused.push(request.releaser);
      controller.abort(new Error("seen enough"));
    },
  });
  setTimeout(() => {
    unlinkSync(requestFile());
    writeFileSync(requestFile(), '{"releaser": "mallory", "reason": "x"}');
  }, 700);
  await expect(watching).rejects.toThrow("seen enough");
  expect(refused).toEqual(["mallory"]);
});

test("a file that says nothing of a request, or has a second name, is none (lock W1)", async () => {
  const watching = watchForUnlock({ signalDir: directory });
  const files = new UnlockFiles(directory);
  for (const text of ['{"a": 1}', '{"releaser": "x"}', '{"releaser": "x", "reason": 5}', "[]", "null"]) {
    writeFileSync(requestFile(), text);
    expect(files.readRequest()).toBeUndefined();
  }
  const request = '{"releaser": "bob", "reason": "why"}';
  unlinkSync(requestFile());
  writeFileSync(join(directory, "first-name"), request);
  linkSync(join(directory, "first-name"), requestFile());
  expect(files.readRequest()).toBeUndefined();
  unlinkSync(join(directory, "first-name"));
  expect(await watching).toMatchObject({ releaser: "bob", reason: "why" });
});

test("a note without a holder is reported as such, and the request does not stay (case 30) (lock W19)", async () => {
  writeFileSync(globalLock, '{"locker": "ghost", "pid": 1, "timestamp_utc": "x", "reason": "old"}');
  expect(readGlobalLock(globalLock)).toMatchObject({ kind: "set", isHeld: false });
  const options = { globalLock, signalDir: directory, reason: "why", timeoutMs: 300 };
  expect(await requestUnlock(options)).toBe("holder-gone");
  expect(existsSync(requestFile())).toBe(false);
});

test("a holder that does not answer keeps the lock (lock W19)", async () => {
  const lock = await lockAll();
  const options = { globalLock, signalDir: directory, reason: "why", timeoutMs: 300 };
  expect(await requestUnlock(options)).toBe("still-held");
  lock.release();
});

test.each(["", "{}"])("a global lock file with %j means that nothing is locked (case 31)", (text) => {
  writeFileSync(globalLock, text);
  expect(readGlobalLock(globalLock)).toEqual({ kind: "not-set" });
});

test("no global lock file means that nothing is locked (case 26)", () => {
  expect(readGlobalLock(globalLock)).toEqual({ kind: "not-set" });
});

test("a planted link in place of the request is replaced, not followed (lock W3)", async () => {
  const victim = join(directory, "victim");
  writeFileSync(victim, "precious");
  symlinkSync(victim, requestFile());
  await requestUnlock({ globalLock, signalDir: directory, reason: "why", timeoutMs: 100 });
  expect(readFileSync(victim, "utf8")).toBe("precious");
});
