import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "@scap/cli";
import { acquireLock } from "@scap/lock";
import { lock } from "../src/commands/lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-lock-command-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

interface Run {
  readonly stdin: PassThrough & { isTTY?: boolean };
  readonly output: () => string;
  readonly status: Promise<number>;
  /** Resolves when the text has been printed. */
  readonly printed: (text: string) => Promise<void>;
}

function scapLock(args: readonly string[], { isTerminal = false } = {}): Run {
  const stdin: Run["stdin"] = new PassThrough();
  let text = "";
  const listeners = new Set<() => void>();
  const sink = (): Writable =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          text += String(chunk);
          for (const listener of listeners) listener();
          done();
        },
      }),
      { isTTY: isTerminal },
    );
  if (isTerminal) stdin.isTTY = true;
  const defines = [`lock_dir:${directory}`, `lock_signal_dir:${directory}`, "git_repo:acme/web"];
  const argv = ["lock", ...defines.flatMap((define) => ["-D", define]), ...args];
  const io = { stdin, stdout: sink(), stderr: sink(), env: {}, cwd: directory };
  const status = runCli({ program: "scap", about: "", commands: [lock], argv, io });
  return {
    stdin,
    output: () => text,
    status,
    printed: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!text.includes(wanted)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

const file = (name: string): string => join(directory, name);

test.each([
  [[], "A message is required"],
  [["--unlock-all"], "A message is required"],
  [["--yes", "why"], "--yes only goes with --unlock-all"],
  [["--bg", "why"], "--bg only goes with --all"],
  [["--bg", "--unlock-all", "why"], "--bg does not go with --unlock-all"],
])("scap lock %j is refused with status 1 (cases 22, 25 and 34)", async (args, message) => {
  const run = scapLock(args);
  expect(await run.status).toBe(1);
  expect(run.output()).toContain(message);
});

test("with standard input at its end the lock is announced and released at once (case 23)", async () => {
  const run = scapLock(["testing", "it"]);
  run.stdin.end();
  expect(await run.status).toBe(0);
  expect(run.output()).toMatch(/^Locked \[acme\/web\]: testing it\n/);
  expect(run.output()).toMatch(/\nUnlocked \[acme\/web\]: testing it \(duration: 00m 00s\)\n$/);
  expect(readFileSync(file("scap.acme_web.lock"), "utf8")).toBe("{}");
});

test("the lock and its end are announced on IRC, and not with --no-log-message", async () => {
  let announced = "";
  const relay = createServer((socket) => socket.on("data", (chunk) => (announced += chunk.toString())));
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const address = relay.address();
  const port = typeof address === "object" ? address?.port : 0;
  const defines = ["-Dtcpircbot_host:127.0.0.1", `-Dtcpircbot_port:${port}`];
  try {
    for (const quiet of [[], ["--no-log-message"]]) {
      const run = scapLock([...defines, ...quiet, quiet.length === 0 ? "told" : "kept"]);
      run.stdin.end();
      expect(await run.status).toBe(0);
    }
    expect(announced).toMatch(/^!log \S+@\S+ Locked \[acme\/web\]: told/);
    expect(announced).toMatch(/Unlocked \[acme\/web\]: told \(duration: 00m 00s\)/);
    expect(announced).not.toContain("kept");
  } finally {
    relay.close();
  }
});

test("on a terminal the end of input ends the lock too (case 24)", async () => {
  const run = scapLock(["testing"], { isTerminal: true });
  await run.printed("Press Enter to unlock.");
  run.stdin.end();
  expect(await run.status).toBe(0);
  expect(run.output()).toContain("Unlocked");
  expect(readFileSync(file("scap.acme_web.lock"), "utf8")).toBe("{}");
});

test("on a terminal the lock is kept until Enter (case 24)", async () => {
  const run = scapLock(["testing"], { isTerminal: true });
  await run.printed("Press Enter to unlock.");
  expect(JSON.parse(readFileSync(file("scap.acme_web.lock"), "utf8"))).toMatchObject({ reason: "testing" });
  const second = scapLock(["--lock-timeout", "0", "me too"]);
  expect(await second.status).toBe(1);
  expect(second.output()).toContain("testing");
  run.stdin.write("\n");
  expect(await run.status).toBe(0);
  expect(run.output()).toContain("Unlocked");
});

test("with --wait-stdin a pipe keeps the lock until its end (lock W17)", async () => {
  const run = scapLock(["--wait-stdin", "from a script"]);
  await run.printed("Locked [acme/web]");
  expect(await scapLock(["--lock-timeout", "0", "me too"]).status).toBe(1);
  run.stdin.end();
  expect(await run.status).toBe(0);
});

test("a note sends no escape sequences to who waits or looks (lock W5)", async () => {
  const run = scapLock(["held \u001b[2J\u009b here"], { isTerminal: true });
  await run.printed("Press Enter to unlock.");
  for (const args of [["--lock-timeout", "0", "me too"], ["--status"]]) {
    const other = scapLock(args);
    await other.status;
    expect(other.output()).toMatch(/held .* here/);
    expect(other.output()).not.toMatch(/[\u001b\u009b]/);
  }
  run.stdin.end();
  await run.status;
});

test("--for ends the lock by itself (lock W17)", async () => {
  const run = scapLock(["--for", "50ms", "short"]);
  expect(await run.status).toBe(0);
  expect(run.output()).toContain("Unlocked");
});

test("--until refuses a time that has passed or is none", async () => {
  for (const time of ["2001-01-01T00:00", "soon", "25:00"]) {
    const run = scapLock(["--until", time, "x"]);
    expect(await run.status).toBe(2);
    expect(run.output()).toContain("--until");
    expect(run.output()).not.toContain("Locked");
  }
});

test("--status shows the locks as a table and as JSON (lock W20)", async () => {
  const holder = scapLock(["testing"], { isTerminal: true });
  await holder.printed("Press Enter");
  writeFileSync(file("scap.aaa.lock"), "{}");
  const table = scapLock(["--status"]);
  expect(await table.status).toBe(0);
  expect(table.output()).toMatch(/scap\.acme_web\.lock +held \(exclusive\).+testing/);
  expect(table.output()).toMatch(/scap\.acme_web\.lock[^]+scap\.aaa\.lock +free/);
  rmSync(file("scap.aaa.lock"));
  const json = scapLock(["--status", "--json"]);
  expect(await json.status).toBe(0);
  expect(JSON.parse(json.output())).toMatchObject({
    locks: [
      { path: file("scap-global-lock"), global: true, state: "held", mode: "shared" },
      { path: file("scap.acme_web.lock"), state: "held", reason: "testing" },
    ],
  });
  holder.stdin.end();
  await holder.status;
});

test("the lock of all repositories is given up when somebody forces it, whose words are only shown (case 27) (lock W5)", async () => {
  const holder = scapLock(["--all", "maintenance"], { isTerminal: true });
  await holder.printed("Press Enter");
  expect(holder.output()).toContain("Locked [ALL REPOSITORIES]: maintenance");
  const requester = scapLock(["--unlock-all", "--yes", "--json", "urgent \u001b[2J"]);
  expect(await requester.status).toBe(0);
  expect(await holder.status).toBe(0);
  expect(holder.output()).toMatch(/Forced unlock by .+: urgent .+\nUnlocked \[ALL REPOSITORIES\]/);
  expect(holder.output()).not.toContain("\u001b");
  expect(requester.output()).toContain("was removed: urgent");
  expect(requester.output()).toContain('{"outcome":"released"}\n');
  expect(readFileSync(file("scap-global-lock"), "utf8")).toBe("{}");
  expect(["", "-removed"].map((suffix) => existsSync(file(`scap-unlock-global${suffix}`)))).toEqual([
    false,
    false,
  ]);
});

test("without a terminal or --yes the lock of all repositories stays (case 28)", async () => {
  const held = await acquireLock({
    path: file("scap-global-lock"),
    globalLock: file("scap-global-lock"),
    name: "test",
    reason: "maintenance",
  });
  const run = scapLock(["--unlock-all", "urgent"]);
  expect(await run.status).toBe(1);
  expect(run.output()).toContain("maintenance");
  expect(held.isHeld).toBe(true);
  held.release();
});

test("an answer that is none is asked for again, and no keeps the lock (cases 28 and 29)", async () => {
  const held = await acquireLock({
    path: file("scap-global-lock"),
    globalLock: file("scap-global-lock"),
    name: "test",
    reason: "maintenance",
  });
  const run = scapLock(["--unlock-all", "urgent"], { isTerminal: true });
  await run.printed("Remove this lock? [y/N]: ");
  run.stdin.write("maybe\n");
  await run.printed('Invalid choice: "maybe"');
  run.stdin.write("n\n");
  expect(await run.status).toBe(1);
  expect(run.output().match(/Remove this lock\?/g)).toHaveLength(2);
  expect(held.isHeld).toBe(true);
  held.release();
});

test.each(["", "{}", undefined])(
  "with %j in the global lock file there is nothing to do (cases 26 and 31) (lock W19)",
  async (text) => {
    if (text !== undefined) writeFileSync(file("scap-global-lock"), text);
    const run = scapLock(["--unlock-all", "--json", "why"]);
    expect(await run.status).toBe(0);
    expect(run.output()).toContain("nothing to do");
    expect(run.output()).toContain('{"outcome":"not-set"}\n');
  },
);

test("--json tells a holder that is gone from a lock that was given up, which both end with 0 (case 30) (lock W19)", async () => {
  writeFileSync(file("scap-global-lock"), '{"locker": "pat", "pid": 1, "reason": "long ago"}');
  const gone = scapLock(["--unlock-all", "--yes", "--json", "why"]);
  expect(await gone.status).toBe(0);
  expect(gone.output()).toContain("only its note is left");
  expect(gone.output()).toContain('{"outcome":"holder-gone"}\n');
  const declined = scapLock(["--unlock-all", "--json", "why"]);
  expect(await declined.status).toBe(1);
  expect(declined.output()).toContain('{"outcome":"declined"}\n');
});
