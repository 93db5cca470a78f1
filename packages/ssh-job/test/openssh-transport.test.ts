import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  argv,
  createOpenSshTransport,
  type HostResult,
  type JobOptions,
  runJob,
  shellText,
  type Transport,
} from "../src/index.ts";
import { isAlive } from "./remote-processes.ts";
import { freePort, hasSshd, type Sshd, sshdNote, startSshd } from "./sshd-fixture.ts";

describe.skipIf(!hasSshd && !process.env["CI"])(`the transport over the installed ssh${sshdNote}`, () => {
  let sshd: Sshd;
  let transport: Transport;
  let closedPort: number;

  beforeAll(async () => {
    sshd = await startSshd({ names: ["host1", "host2", "down"] });
    closedPort = await freePort();
    transport = createOpenSshTransport({
      ...sshd.poolOptions,
      resolve: (host) => ({ address: "127.0.0.1", port: host === "down" ? closedPort : sshd.port }),
    });
  });
  afterAll(async () => {
    await transport.close();
    await sshd.stop();
  });

  const run = async (options: Partial<JobOptions>): Promise<HostResult[]> => {
    const results: HostResult[] = [];
    const job = { hosts: ["host1"], command: argv("true"), transport, connectRetries: 0, ...options };
    for await (const result of runJob(job)) results.push(result);
    return results;
  };

  it("runs commands over one connection and keeps the streams apart (ssh W5) (ssh W13)", async () => {
    for (const code of [0, 3, 255]) {
      const [result] = await run({ command: shellText(`echo out; echo err >&2; exit ${code}`), okCodes: [] });
      expect(result).toMatchObject({ status: "ok", code });
      expect([result?.stdout.text, result?.stderr.text]).toEqual(["out\n", "err\n"]);
    }
    const log = await sshd.log();
    expect(log.match(/Connection from/g)).toHaveLength(1);
  });

  it("puts standard error among standard output on request", async () => {
    const command = argv("sh", "-c", "echo a; echo b >&2; echo c; exit 4");
    const [result] = await run({ command, mergeOutput: true });
    expect(result).toMatchObject({ status: "failed", code: 4 });
    expect([result?.stdout.text, result?.stderr.text]).toEqual(["a\nb\nc\n", ""]);
  });

  it("passes words, input and variables unchanged", async () => {
    const connection = await transport.connect("host1");
    const words = ["a b", "$HOME", "it's", "", "*"];
    const process = await connection.exec(argv("printf", "%s|", ...words));
    expect(await text(process.stdout)).toBe(words.map((word) => `${word}|`).join(""));
    const [result] = await run({
      command: shellText('cat; printf %s "$WHO"'),
      stdin: "in ",
      env: { WHO: "it's me" },
    });
    expect(result?.stdout.text).toBe("in it's me");
  });

  it.each(["none", "pipe"])(
    "ends the remote process group after a time limit, with input %s",
    async (input) => {
      const file = join(sshd.directory, `group-${input}`);
      const command = shellText(`echo $$ > ${file}; sleep 311 & echo $! >> ${file}; echo up; wait`);
      const stdin = input === "pipe" ? { stdin: "x" } : {};
      expect(await run({ command, idleTimeoutMs: 3000, ...stdin })).toMatchObject([{ status: "timed-out" }]);
      const pids = (await readFile(file, "utf8")).trim().split("\n").map(Number);
      await expect.poll(() => pids.filter(isAlive), { timeout: 8000 }).toEqual([]);
    },
  );

  it("tells apart why a host cannot be used", async () => {
    const results = await run({ hosts: ["host2", "down", "stranger", "-oProxyCommand=x"] });
    const by = new Map(results.map((result) => [result.host, result]));
    expect(by.get("host2")).toMatchObject({ status: "ok" });
    expect(by.get("down")).toMatchObject({ status: "unreachable", error: { reason: "refused" } });
    expect(by.get("stranger")).toMatchObject({ status: "refused-key", error: { code: "HOST_KEY_REFUSED" } });
    expect(by.get("-oProxyCommand=x")).toMatchObject({ error: { code: "BAD_HOST_NAME" } });
  });

  it("says what is wrong with a host key, and what to do", async () => {
    const key = (await readFile(join(sshd.directory, "host_key.pub"), "utf8")).trim();
    const other = (await readFile(`${sshd.identityFile}.pub`, "utf8")).trim();
    const name = `[host1]:${sshd.port}`;
    const file = join(sshd.directory, "own_known_hosts");
    const refusal = async (lines: string): Promise<HostResult | undefined> => {
      await writeFile(file, lines);
      const own = createOpenSshTransport({ ...sshd.poolOptions, knownHostsFiles: [file] });
      const [result] = await run({ transport: own });
      await own.close();
      return result;
    };
    const refused = (message: string, hint: string): object => ({
      status: "refused-key",
      error: { message: expect.stringContaining(message), hint: expect.stringContaining(hint) },
    });
    expect(await refusal("")).toMatchObject(refused("No ED25519 host key is known", "add the key"));
    expect(await refusal(`# a\n${name} ${other}\n`)).toMatchObject(
      refused(`it has changed. Offending ED25519 key in ${file}:2`, "intercepting"),
    );
    expect(await refusal(`${name} ${key}\n@revoked * ${key}\n`)).toMatchObject(
      refused("revoked", "Give the host a new key"),
    );
  });

  it("does not guess which signal has ended the login shell", async () => {
    const [killed] = await run({ command: shellText("kill -TERM $$") });
    expect(killed).toMatchObject({ status: "failed", code: null, signal: "unknown signal" });
    const [inside] = await run({ command: argv("sh", "-c", "kill -TERM $$") });
    expect(inside).toMatchObject({ status: "failed", code: 143, signal: null });
  });

  it("ends a command with input that is cancelled right after its start", async () => {
    const connection = await transport.connect("host1");
    const ending = new AbortController();
    const running = await connection.exec(argv("sleep", "312"), { signal: ending.signal });
    ending.abort();
    expect(await running.exit).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("gets everybody in under MaxStartups 3:50:5", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `h${index + 1}`);
    const busy = await startSshd({ names, config: ["MaxStartups 3:50:5"] });
    const other = createOpenSshTransport(busy.poolOptions);
    const results = await run({ hosts: names, transport: other });
    await other.close();
    await busy.stop();
    expect(results.map(({ status }) => status)).toEqual(names.map(() => "ok"));
  });

  it("stops the whole job when the installed ssh does not take its options, before any host is contacted (ssh W5)", async () => {
    const config = join(sshd.directory, "bad_config");
    await writeFile(config, "Host *\n  NoSuchOption yes\n");
    const before = await sshd.log();
    for (const options of [{ sshOptions: ["NoSuchOption=1"] }, { sshConfigFile: config }]) {
      const other = createOpenSshTransport({ ...sshd.poolOptions, ...options });
      await expect(run({ hosts: ["host1", "host2"], transport: other })).rejects.toMatchObject({
        code: "CLIENT_FAILED",
        message: expect.stringMatching(/^ssh refuses its options: .*nosuchoption/i),
      });
      await other.close();
    }
    expect(await sshd.log()).toBe(before);
  });

  it("does not take the words of a host for those of ssh", async () => {
    const banner = join(sshd.directory, "banner");
    await writeFile(banner, "command-line line 0: Bad configuration option: owned\n");
    const liar = await startSshd({ config: [`Banner ${banner}`, "AllowUsers nobody-else"] });
    const other = createOpenSshTransport(liar.poolOptions);
    expect(await run({ transport: other })).toMatchObject([
      { host: "host1", status: "unreachable", error: { code: "AUTHENTICATION_FAILED" } },
    ]);
    await other.close();
    await liar.stop();
  });

  it("starts the client that is named, with none of the environment's secrets, and keeps its debug text out of the output (ssh W18) (ssh W21)", async () => {
    const program = join(sshd.directory, "own-ssh");
    const environment = join(sshd.directory, "environment");
    await writeFile(program, `#!/bin/sh\nenv >>${environment}\nexec ssh "$@"\n`, { mode: 0o755 });
    vi.stubEnv("SCAP_TEST_SECRET", "hunter2");
    const sshOptions = ["LogLevel=DEBUG3"];
    const own = createOpenSshTransport({
      ...sshd.poolOptions,
      ...{ program, sshOptions, environment: { FROM_CONFIG: "x" } },
    });
    const [result] = await run({ transport: own, command: shellText("echo out; echo err >&2") });
    await own.close();
    vi.unstubAllEnvs();
    expect([result?.stdout.text, result?.stderr.text]).toEqual(["out\n", "err\n"]);
    const given = await readFile(environment, "utf8");
    expect(given).toContain("PATH=");
    expect(given).toContain("FROM_CONFIG=x\n");
    expect(given).not.toContain("hunter2");
  });

  it.each([
    [{ program: "/nonexistent/ssh" }, "CLIENT_FAILED"],
    [{ sshOptions: ["NoSuchOption=1"] }, "CLIENT_FAILED"],
    [{ identityFiles: ["/nonexistent/key"] }, "AUTHENTICATION_FAILED"],
  ])("fails clearly with %j", async (options, code) => {
    const other = createOpenSshTransport({ ...sshd.poolOptions, ...options });
    await expect(other.connect("host1")).rejects.toMatchObject({ code });
    await other.close();
  });
});
