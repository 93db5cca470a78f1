import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  argv,
  createSshPool,
  type HostResult,
  type RemoteProcess,
  runJob,
  shellText,
  type SshPool,
} from "../src/index.ts";
import { clientSource, isAlive } from "./remote-processes.ts";
import { hasSshd, type Sshd, sshdNote, startSshd } from "./sshd-fixture.ts";

describe.skipIf(!hasSshd && !process.env["CI"])(`how remote processes end${sshdNote}`, () => {
  let sshd: Sshd;
  let pool: SshPool;

  beforeAll(async () => {
    sshd = await startSshd({ names: ["host1", "host2"] });
    pool = createSshPool(sshd.poolOptions);
  });
  afterAll(async () => {
    await pool.close();
    await sshd.stop();
  });

  const pidFile = (name: string): string => join(sshd.directory, name);
  const runOne = async (options: Partial<Parameters<typeof runJob>[0]>): Promise<HostResult> => {
    const job = runJob({ hosts: ["host1"], transport: pool, command: argv("true"), ...options });
    for await (const result of job) return result;
    throw new Error("no result");
  };

  // All of them wait.
  describe.concurrent("of commands that run beside one another", () => {
    it("ends the whole process group of a host that exceeds its time limit (ssh W7) (query W17)", async () => {
      const file = pidFile("group");
      const command = shellText(`sleep 301 & echo $! > ${file}; echo $$ >> ${file}; echo up; sleep 302`);
      expect(await runOne({ command, idleTimeoutMs: 3000 })).toMatchObject({
        status: "timed-out",
        limit: "idle",
      });
      await expectAllGone(file);
    });

    it("ends a group that ignores SIGTERM", async () => {
      const file = pidFile("stubborn");
      const command = shellText(`trap '' TERM; echo $$ > ${file}; echo up; while :; do sleep 1; done`);
      expect(await runOne({ command, idleTimeoutMs: 3000 })).toMatchObject({ status: "timed-out" });
      await expectAllGone(file);
    });

    it("ends a command that has been given input, too", async () => {
      const file = pidFile("input");
      const command = shellText(`echo $$ > ${file}; cat >/dev/null; sleep 303`);
      expect(await runOne({ command, stdin: "text", idleTimeoutMs: 3000 })).toMatchObject({
        status: "timed-out",
        limit: "idle",
      });
      await expectAllGone(file);
    });

    it.each([
      ["holds", ""],
      ["has closed", " >/dev/null 2>&1"],
    ])(
      "ends what ignores SIGTERM and %s the output, when the shell of a command with input has ended",
      async (does, output) => {
        const file = pidFile(`left-that-${does.replace(" ", "-")}`);
        const stubborn = `sh -c 'trap "" TERM; echo $$ >${file}; echo up >&3; exec 3>&-; while :; do sleep 1; done'${output}`;
        const command = shellText(`exec 3>&1; ${stubborn}; true`);
        const ending = new AbortController();
        const job = { command, stdin: "x", signal: ending.signal, onOutput: () => ending.abort() };
        expect(await runOne(job)).toMatchObject({ status: "cancelled" });
        await expectAllGone(file);
      },
    );

    it("does not count a host as idle that writes now and then", async () => {
      const command = shellText("for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done");
      expect(await runOne({ command, idleTimeoutMs: 2500 })).toMatchObject({ status: "ok" });
    });

    it("13: waits for a background process that keeps the output open, and keeps what it writes", async () => {
      const result = await runOne({ command: shellText("(sleep 0.5; echo late) & echo started") });
      expect(result).toMatchObject({ status: "ok", code: 0 });
      expect(result.stdout.text).toBe("started\nlate\n");
    });

    it("gives up a background process that keeps the output open for longer than the time limit", async () => {
      const result = await runOne({ command: shellText("sleep 30 & echo started"), hostTimeoutMs: 3000 });
      expect(result).toMatchObject({ status: "timed-out", hasStarted: true });
      expect(result.durationMs).toBeLessThan(20_000);
    });

    it("leaves alone what a command put into the background on purpose", async () => {
      const file = pidFile("daemon");
      const command = shellText(`nohup sleep 60 >/dev/null 2>&1 & echo $! > ${file}`);
      expect(await runOne({ command })).toMatchObject({ status: "ok" });
      await sleep(300);
      const pid = Number(await readFile(file, "utf8"));
      expect(isAlive(pid)).toBe(true);
      process.kill(pid);
    });

    it("does not keep a `wait` of the command waiting", async () => {
      const result = await runOne({ command: shellText("sleep 0.1 & sleep 0.2 & wait; echo done") });
      expect(result.stdout.text).toBe("done\n");
    });

    it("tells an exit status of 255 from a connection failure (ssh W5)", async () => {
      expect(await runOne({ command: shellText("exit 255") })).toMatchObject({ status: "failed", code: 255 });
    });

    it("14: tells a command that closes its output before it ends", async () => {
      const result = await runOne({ command: shellText("exec >&- 2>&-; sleep 0.3; exit 4") });
      expect(result).toMatchObject({ status: "failed", code: 4 });
      expect(result.stdout.totalBytes).toBe(0);
    });
  });

  it("leaves no remote process behind when the client is killed with SIGKILL (ssh W8)", async () => {
    const file = pidFile("orphan");
    const script = join(sshd.directory, "client.mjs");
    const command = `echo $$ > ${file}; sleep 304 & echo $! >> ${file}; echo up; wait`;
    const lines = `(await run(${JSON.stringify(command)})).stdout.once("data", () => process.send("up"));`;
    await writeFile(script, clientSource(sshd, lines));
    const client = fork(script, { execArgv: ["--import", "tsx"], stdio: "inherit" });
    await once(client, "message");
    const pids = await pidsIn(file);
    expect(pids.map(isAlive)).toEqual([true, true]);
    client.kill("SIGKILL");
    await once(client, "exit");
    await expectAllGone(file);
  });

  it("leaves no remote process behind when the server's process of the connection is killed", async () => {
    const file = pidFile("severed");
    const command = shellText(`echo $$ > ${file}; sleep 305 & echo $! >> ${file}; kill -9 $PPID; wait`);
    expect(await runOne({ command })).toMatchObject({ status: "lost" });
    await expectAllGone(file);
  });

  it("ends eight commands that run at once over one connection, and no other", async () => {
    const connection = await pool.connect("host1");
    const ending = new AbortController();
    const file = pidFile("eight");
    const run = (seconds: number, signal?: AbortSignal): Promise<RemoteProcess> =>
      connection.exec(shellText(`echo $$ >> ${file}; echo up; exec sleep ${seconds}`), {
        stdin: "none",
        signal,
      });
    // The server has ten sessions, and a watcher may have one of them.
    const ended = await Promise.all(Array.from({ length: 8 }, () => run(306, ending.signal)));
    const other = await run(307);
    await Promise.all([...ended, other].map((process) => once(process.stdout, "data")));
    ending.abort();
    const exits = await Promise.all(ended.map((process) => process.exit));
    expect(exits).toEqual(ended.map(() => ({ code: null, signal: "SIGTERM" })));
    await expect.poll(async () => (await pidsIn(file)).filter(isAlive).length).toBe(1);
    other.kill();
    expect(await other.exit).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("reports a connection that dies under a command as lost, with the output so far", async () => {
    // The server's process for this connection is the parent of the login shell.
    const command = shellText("echo before; sleep 0.2; kill -9 $PPID; sleep 5");
    const result = await runOne({ hosts: ["host2"], command, stdin: "" });
    expect(result).toMatchObject({ status: "lost", error: { code: "CONNECTION_LOST", host: "host2" } });
    expect(result.stdout.text).toBe("before\n");
  });

  it("makes a lost connection anew for the next command", async () => {
    const connection = await pool.connect("host1");
    const before = await connection.exec(shellText("echo $PPID"));
    const server = Number(await text(before.stdout));
    process.kill(server, "SIGKILL");
    const after = await connection.exec(shellText("echo $PPID"));
    expect(Number(await text(after.stdout))).not.toBe(server);
  });
});

async function pidsIn(file: string): Promise<number[]> {
  const lines = await readFile(file, "utf8");
  return lines.trim().split("\n").map(Number);
}

async function expectAllGone(file: string): Promise<void> {
  const pids = await pidsIn(file);
  // Not a poll of `expect`, which does not know its test where several run beside one another.
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 30_000 });
}
