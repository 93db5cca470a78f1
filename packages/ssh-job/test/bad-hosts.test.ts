import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSshPool, type HostResult, runJob, shellText, type SshPool } from "../src/index.ts";
import { freePort, hasSshd, type Sshd, sshdNote, startSshd } from "./sshd-fixture.ts";

const MEBIBYTE = 1024 * 1024;

describe.skipIf(!hasSshd && !process.env["CI"])(`hosts that misbehave${sshdNote}`, () => {
  let sshd: Sshd;
  let pool: SshPool;
  const servers: Server[] = [];
  const ports = new Map<string, number>();

  const misbehave = async (name: string, behaviour: (socket: Socket) => void): Promise<void> => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      behaviour(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    ports.set(name, typeof address === "object" && address ? address.port : 0);
    servers.push(server);
  };

  beforeAll(async () => {
    sshd = await startSshd({ names: ["good"] });
    await misbehave("silent", () => undefined);
    await misbehave("garbage", (socket) => socket.end(Buffer.alloc(20_000, 0xfe)));
    await misbehave("http", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await misbehave("flood", flood);
    await misbehave("floodlines", (socket) => flood(socket, "chatter\r\n"));
    await misbehave("halfway", (socket) => socket.end("SSH-2.0-Half"));
    await misbehave("cutoff", (socket) => socket.end(`SSH-2.0-Cut\r\n${"\0".repeat(20)}`));
    ports.set("refusing", await freePort());
    pool = createSshPool({
      ...sshd.poolOptions,
      connectTimeoutMs: 1500,
      resolve: (host) => ({ address: "127.0.0.1", port: ports.get(host) ?? sshd.port }),
    });
  });
  afterAll(async () => {
    await pool.close();
    await sshd.stop();
    for (const server of servers) server.close();
  });

  const run = async (hosts: string[], text = "echo fine"): Promise<Map<string, HostResult>> => {
    const results = new Map<string, HostResult>();
    const job = runJob({ hosts, command: shellText(text), transport: pool, connectRetries: 0 });
    for await (const result of job) results.set(result.host, result);
    return results;
  };

  it.each([
    ["silent", "timeout", "no complete SSH handshake within 1.5 s"],
    ["garbage", "protocol", "Cannot connect to garbage"],
    ["http", "protocol", 'speaks no SSH: "HTTP/1.1 400 Bad Request"'],
    ["flood", "protocol", "Cannot connect to flood"],
    ["floodlines", "protocol", "Cannot connect to floodlines"],
    ["halfway", "protocol", "Cannot connect to halfway"],
    ["cutoff", "protocol", "Cannot connect to cutoff"],
    ["refusing", "refused", "connection refused"],
  ])(
    "calls a %s host unreachable (%s), in bounded memory, and leaves the others alone",
    async (name, reason, words) => {
      const before = process.memoryUsage().rss;
      const results = await run([name, "good"]);
      expect(results.get("good")).toMatchObject({ status: "ok" });
      expect(results.get(name)).toMatchObject({
        status: "unreachable",
        error: { reason, host: name, message: expect.stringContaining(words) },
      });
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * MEBIBYTE);
    },
  );

  it.each([
    "-oProxyCommand=touch /tmp/x",
    "a b",
    "a\nb",
    "a\u001b[31m",
    "",
    "x".repeat(300),
    "a;b",
    "$(id)",
    "über",
  ])("refuses %j as a host name", async (name) => {
    const results = await run([name, "good"]);
    expect(results.get(name)).toMatchObject({ status: "unreachable", error: { code: "BAD_HOST_NAME" } });
    expect(results.get("good")).toMatchObject({ status: "ok" });
  });

  it("keeps the head and the tail of an output of 1 GB (ssh W16)", async () => {
    const before = process.memoryUsage().rss;
    const results = await run(["good"], "echo first; head -c 1000000000 /dev/zero; echo last");
    const stdout = results.get("good")?.stdout;
    expect(stdout).toMatchObject({ totalBytes: 1_000_000_011, omittedBytes: 1_000_000_011 - MEBIBYTE });
    expect(stdout?.head.toString("latin1", 0, 6)).toBe("first\n");
    expect(stdout?.tail.toString("latin1").slice(-5)).toBe("last\n");
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MEBIBYTE);
  });

  it("stops reading while the consumer of the output is busy", async () => {
    let heldBytes = 0;
    const { promise, resolve } = withResolvers();
    const onOutput = async ({ chunk }: { chunk: Buffer }): Promise<void> => {
      heldBytes += chunk.length;
      await promise;
    };
    const command = shellText("head -c 50000000 /dev/zero");
    setTimeout(resolve, 500);
    setTimeout(() => expect(heldBytes).toBeLessThan(4 * MEBIBYTE), 450);
    for await (const result of runJob({ hosts: ["good"], command, transport: pool, onOutput })) {
      expect(result).toMatchObject({ status: "ok", stdout: { totalBytes: 50_000_000 } });
    }
  });

  it("keeps bytes that are not UTF-8", async () => {
    const results = await run(["good"], String.raw`printf '\377\376'`);
    expect(results.get("good")?.stdout.head).toEqual(Buffer.from([0xff, 0xfe]));
    expect(results.get("good")?.stdout.text).toBe("\ufffd\ufffd");
  });
});

function flood(socket: Socket, text = "x".repeat(4096)): void {
  const chunk = Buffer.from(text.repeat(16));
  let leftBytes = 1024 * MEBIBYTE;
  const write = (): void => {
    while (leftBytes > 0 && !socket.destroyed) {
      leftBytes -= chunk.length;
      if (!socket.write(chunk)) {
        socket.once("drain", write);
        return;
      }
    }
  };
  write();
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
