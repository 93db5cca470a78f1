import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  argv,
  createSshPool,
  type HostResult,
  runJob,
  shellText,
  type SshPool,
  type SshPoolOptions,
} from "../src/index.ts";
import { hasSshd, keygen, type Sshd, sshdNote, startSshd } from "./sshd-fixture.ts";

const run = promisify(execFile);

describe.skipIf(!hasSshd && !process.env["CI"])(`logging in${sshdNote}`, () => {
  let sshd: Sshd;
  let agent: ChildProcess;
  let socket: string;

  beforeAll(async () => {
    sshd = await startSshd({ names: ["host1"] });
    socket = join(sshd.directory, "agent.sock");
    agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
    if (agent.stdout) await once(agent.stdout, "data");
    for (const name of ["locked", "stranger", "held"]) {
      await keygen(join(sshd.directory, name), "ed25519", name === "locked" ? "open sesame" : "");
    }
    for (const name of ["locked", "held"]) {
      const key = await readFile(join(sshd.directory, `${name}.pub`));
      await appendFile(join(sshd.directory, "authorized_keys"), key);
    }
    await run("ssh-add", [join(sshd.directory, "held")], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  });
  afterAll(async () => {
    agent.kill();
    await sshd.stop();
  });

  const logIn = async (options: Partial<SshPoolOptions>): Promise<string> => {
    const { identityFiles: _ours, ...rest } = sshd.poolOptions;
    const pool = createSshPool({ ...rest, ...options });
    try {
      const connection = await pool.connect("host1");
      const process = await connection.exec(argv("echo", "in"));
      return await text(process.stdout);
    } finally {
      await pool.close();
    }
  };

  it("lets the server prove no key but the one that was checked", async () => {
    const other = await startSshd({ names: ["host1"], config: ["LogLevel DEBUG1"] });
    try {
      const pool = createSshPool(other.poolOptions);
      const connection = await pool.connect("host1");
      await (
        await connection.exec(argv("true"))
      ).exit;
      await pool.close();
      const log = await other.log();
      expect(log).toContain("Starting session");
      expect(log).not.toContain("hostkeys-prove");
    } finally {
      await other.stop();
    }
  });

  it("proves a key at once, and does not ask first whether the host would take it", async () => {
    const other = await startSshd({ names: ["host1"] });
    try {
      const pool = createSshPool(other.poolOptions);
      await pool.connect("host1");
      await pool.close();
      const log = await other.log();
      expect(log).toContain("Accepted publickey");
      expect(log).not.toContain("Postponed publickey");
    } finally {
      await other.stop();
    }
  });

  it.each(["ed25519", "ecdsa", "rsa"])(
    "works with a key of type %s, after one that is refused",
    async (type) => {
      const path = join(sshd.directory, `own-${type}`);
      await keygen(path, type, "");
      await appendFile(join(sshd.directory, "authorized_keys"), await readFile(`${path}.pub`));
      expect(await logIn({ agent: false, identityFiles: [path] })).toBe("in\n");
      const stranger = join(sshd.directory, "stranger");
      expect(await logIn({ agent: false, identityFiles: [stranger, path] })).toBe("in\n");
    },
  );

  it("works with a key of the agent", async () => {
    expect(await logIn({ agent: socket, identityFiles: [join(sshd.directory, "held")] })).toBe("in\n");
  });

  it("picks the agent's key by the public half, where the private one cannot be read", async () => {
    const path = join(sshd.directory, "shared");
    await writeFile(`${path}.pub`, await readFile(join(sshd.directory, "held.pub")));
    expect(await logIn({ agent: socket, identityFiles: [path] })).toBe("in\n");
    expect(await logIn({ agent: socket, identityFiles: [`${path}.pub`] })).toBe("in\n");
  });

  it("asks for a passphrase once for all hosts", async () => {
    const questions: string[] = [];
    const prompt = async (question: string): Promise<string> => {
      questions.push(question);
      return "open sesame";
    };
    const pool = createSshPool({
      ...sshd.poolOptions,
      identityFiles: [join(sshd.directory, "locked")],
      prompt,
    });
    await sshd.knownAs("host2", "host3");
    await Promise.all(["host1", "host2", "host3"].map((host) => pool.connect(host)));
    await pool.close();
    expect(questions).toEqual([`Passphrase for key ${join(sshd.directory, "locked")}`]);
  });

  it.each([
    ["a wrong passphrase", "BAD_IDENTITY", "the passphrase does not open it", "locked", async () => "wrong"],
    ["a locked key and nobody to ask", "AUTHENTICATION_FAILED", "it needs a passphrase", "locked", undefined],
    [
      "a key that the host does not know",
      "AUTHENTICATION_FAILED",
      "accepts none of the keys",
      "stranger",
      undefined,
    ],
    ["a key file that is missing", "BAD_IDENTITY", "no such file", "missing", undefined],
    ["a file that is no key", "BAD_IDENTITY", "Cannot use the key", "known_hosts", undefined],
  ])("with %s fails as %s", async (_name, code, words, file, prompt) => {
    const identityFiles = [join(sshd.directory, file)];
    const failing = logIn({ identityFiles, agent: false, ...(prompt && { prompt }) });
    await expect(failing).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it("says that no agent answers, if that is why there is no key", async () => {
    const failing = logIn({ agent: join(sshd.directory, "no.sock"), identityFiles: [] });
    await expect(failing).rejects.toMatchObject({
      code: "AUTHENTICATION_FAILED",
      message: expect.stringContaining("no agent answers at"),
    });
  });
});

describe.skipIf(!hasSshd && !process.env["CI"])(`limits of sshd${sshdNote}`, () => {
  const names = Array.from({ length: 40 }, (_, index) => `h${index + 1}`);

  const outcomes = async (pool: SshPool, hosts: readonly string[]): Promise<HostResult[]> => {
    const results: HostResult[] = [];
    const job = runJob({ hosts, command: argv("true"), transport: pool, connectRetries: 0 });
    for await (const result of job) results.push(result);
    return results;
  };

  it("gets everybody in under MaxStartups 3:50:5, in time", async () => {
    const sshd = await startSshd({ names, config: ["MaxStartups 3:50:5"] });
    const pool = createSshPool({ ...sshd.poolOptions, connectTimeoutMs: 60_000 });
    const results = await outcomes(pool, names);
    await pool.close();
    await sshd.stop();
    expect(results.filter(({ status }) => status !== "ok")).toEqual([]);
  });

  it("never misses the end of a command that is over at once", async () => {
    const sshd = await startSshd({ names });
    for (let round = 0; round < 5; round++) {
      const pool = createSshPool(sshd.poolOptions);
      const results = await outcomes(pool, names.slice(0, 10));
      await pool.close();
      expect(results.map(({ status }) => status)).toEqual(names.slice(0, 10).map(() => "ok"));
    }
    await sshd.stop();
  });

  it("keeps within MaxSessions, also where it is lower than usual", async () => {
    const sshd = await startSshd({ config: ["MaxSessions 3"] });
    const pool = createSshPool(sshd.poolOptions);
    const connection = await pool.connect("host1");
    const exits = await Promise.all(
      Array.from({ length: 15 }, async (_, index) => {
        const process = await connection.exec(shellText(`sleep 0.05; exit ${index}`));
        process.stdout.resume();
        process.stderr.resume();
        return (await process.exit).code;
      }),
    );
    expect(exits).toEqual(Array.from({ length: 15 }, (_, index) => index));
    const log = await sshd.log();
    expect(log.match(/Connection from/g)).toHaveLength(1);
    await pool.close();
    await sshd.stop();
  });

  it("says which host refuses a session", async () => {
    const sshd = await startSshd({ config: ["MaxSessions 0"] });
    const pool = createSshPool(sshd.poolOptions);
    expect(await outcomes(pool, ["host1"])).toMatchObject([
      { status: "unreachable", error: { code: "SESSION_REFUSED", host: "host1" } },
    ]);
    await pool.close();
    await sshd.stop();
  });

  it("reaches all hosts behind a jump host over one connection to it", async () => {
    const [bastion, inner] = await Promise.all([
      startSshd({ names: ["bastion"] }),
      startSshd({ names: ["in1", "in2", "in3"] }),
    ]);
    const pool = createSshPool({
      ...inner.poolOptions,
      identityFiles: [inner.identityFile, bastion.identityFile],
      knownHostsFiles: [inner.knownHostsFile, bastion.knownHostsFile],
      jumpHost: "bastion",
      resolve: (host) => ({ address: "127.0.0.1", port: host === "bastion" ? bastion.port : inner.port }),
    });
    const results = await outcomes(pool, ["in1", "in2", "in3"]);
    expect(results.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
    const log = await bastion.log();
    expect(log.match(/Connection from/g)).toHaveLength(1);
    await pool.close();
    await Promise.all([bastion.stop(), inner.stop()]);
  });

  it("closes a connection that is idle for too long, and opens it again when it is needed (ssh W13)", async () => {
    const sshd = await startSshd();
    const pool = createSshPool({ ...sshd.poolOptions, idleTimeoutMs: 100 });
    expect(await outcomes(pool, ["host1"])).toMatchObject([{ status: "ok" }]);
    await expect.poll(() => sshd.log(), { timeout: 5000 }).toMatch(/Disconnected|Received disconnect/);
    expect(await outcomes(pool, ["host1"])).toMatchObject([{ status: "ok" }]);
    await pool.close();
    await sshd.stop();
  });
});
