import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { argv, createSshPool, shellText, type SshConnection, type SshPool } from "../src/index.ts";
import { clientSource, isAlive } from "./remote-processes.ts";
import { hasSshd, type Sshd, sshdNote, startSshd } from "./sshd-fixture.ts";

describe.skipIf(!hasSshd && !process.env["CI"])(`the watcher of a busy connection${sshdNote}`, () => {
  let sshd: Sshd;
  let pool: SshPool;

  afterEach(async () => {
    await pool.close();
    await sshd.stop();
  });

  const connect = async (...config: string[]): Promise<SshConnection> => {
    sshd = await startSshd({ config });
    pool = createSshPool(sshd.poolOptions);
    return await pool.connect("host1");
  };
  /** Runs commands until the connection has a watcher, whose process id this is. */
  const busy = async (connection: SshConnection): Promise<number> => {
    let watcher: number | undefined;
    await expect
      .poll(async () => (watcher = watcherOf(await said(connection, "echo $PPID"))), { timeout: 20_000 })
      .toBeDefined();
    return watcher ?? 0;
  };

  it("ends what runs, and itself, when the client is killed with SIGKILL in the middle of a command", async () => {
    await connect();
    const file = join(sshd.directory, "orphan");
    await writeFile(join(sshd.directory, "client.mjs"), clientSource(sshd, busyAndRunning(file)));
    const client = fork(join(sshd.directory, "client.mjs"), { execArgv: ["--import", "tsx"] });
    await once(client, "message");
    const [server = "", ...pids] = (await readFile(file, "utf8")).trim().split("\n");
    const watcher = watcherOf(server) ?? 0;
    const all = [...pids.map(Number), watcher];
    expect(all.map(isAlive)).toEqual([true, true, true]);
    client.kill("SIGKILL");
    await expect.poll(() => all.filter(isAlive), { timeout: 20_000 }).toEqual([]);
  });

  it("ends a command that is cancelled right after its start, with and without input", async () => {
    const connection = await connect();
    await busy(connection);
    for (const stdin of ["none", "pipe"] as const) {
      const ending = new AbortController();
      const running = await connection.exec(argv("sleep", "330"), { stdin, signal: ending.signal });
      ending.abort();
      expect(await running.exit).toEqual({ code: null, signal: "SIGTERM" });
    }
  });

  it("is gone when the connection is closed", async () => {
    const connection = await connect();
    const watcher = await busy(connection);
    await connection.close();
    await expect.poll(() => isAlive(watcher), { timeout: 20_000 }).toBe(false);
  });

  it("is not missed by later commands when somebody has killed it", async () => {
    const connection = await connect();
    const watcher = await busy(connection);
    const running = await connection.exec(shellText("echo up; read never; sleep 1; echo end"), {
      stdin: "none",
    });
    await once(running.stdout, "data");
    process.kill(-watcher, "SIGKILL");
    const ending = new AbortController();
    const later = await connection.exec(shellText("echo up; sleep 331"), {
      stdin: "none",
      signal: ending.signal,
    });
    await once(later.stdout, "data");
    ending.abort();
    expect(await later.exit).toEqual({ code: null, signal: "SIGTERM" });
    expect(await running.exit).toEqual({ code: 0, signal: null });
  });

  it.each([1, 2])("leaves a server with MaxSessions %d all of its sessions", async (sessions) => {
    const connection = await connect(`MaxSessions ${sessions}`);
    for (let time = 0; time < 12; time++) expect(await said(connection, "echo up")).toBe("up\n");
    const together = Array.from({ length: 4 }, () => said(connection, "sleep 0.1; echo up"));
    expect(await Promise.all(together)).toEqual(["up\n", "up\n", "up\n", "up\n"]);
    const server = await said(connection, "echo $PPID");
    await expect.poll(() => watcherOf(server), { timeout: 20_000 }).toBeUndefined();
  });

  it("is not started where the server forces a command, which would be run once more", async () => {
    const connection = await connect("ForceCommand echo $PPID");
    const server = await said(connection, "ignored");
    for (let time = 0; time < 12; time++) expect(await said(connection, "ignored")).toBe(server);
    await pool.close();
    expect((await sshd.log()).match(/Starting session: forced-command/g)).toHaveLength(13);
  });
});

async function said(connection: SshConnection, command: string): Promise<string> {
  const running = await connection.exec(shellText(command), { stdin: "none" });
  const [output] = await Promise.all([text(running.stdout), running.exit]);
  return output;
}

/** The watcher among the sessions of the server's process for a connection. */
function watcherOf(server: string): number | undefined {
  const lines = execFileSync("ps", ["-eo", "ppid=,pid=,args="], { encoding: "utf8" }).split("\n");
  const line = lines.find(
    (each) => Number.parseInt(each, 10) === Number(server) && each.includes("echo gone"),
  );
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[1]);
}

/** Keeps the connection busy until it has a watcher, then runs a command that does not end by itself. */
function busyAndRunning(file: string): string {
  const command = `printf '%s\\n' $PPID $$ >${file}; sleep 332 & echo $! >>${file}; echo up; wait`;
  return `
    for (let time = 0; time < 14; time++) await (await run("sleep 0.1")).exit;
    const running = await run(${JSON.stringify(command)});
    running.stdout.once("data", () => process.send("up"));
  `;
}
