import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type LogRecord,
  type Sink,
  createLogger,
  createStats,
  ircSink,
  journaldSink,
  logstashSink,
  syslogSink,
  udp2logPacket,
  udp2logSink,
} from "../src/index.ts";
import { type Rsyslog, hasRsyslog, rsyslogReceiver, tcpReceiver, udpReceiver } from "./receivers.ts";

const RECORD: LogRecord = {
  name: "target.web1.deploy-local",
  msg: "Fetch from: %s",
  args: ["http://deploy1/é"],
  levelno: 40,
  created: 1_444_873_813.116,
  host: "web1",
  "event.action": "fetch",
};
const WRITER = { host: "deploy1", script: "/usr/bin/scap", user: "alice", pid: 4242 };

async function sent(sink: Sink, records: readonly LogRecord[]): Promise<void> {
  for (const record of records) sink.write(record);
  await sink.close();
}

function text(message: Uint8Array | undefined): string {
  return Buffer.from(message ?? []).toString();
}

describe("udp2log", () => {
  it("puts the prefix in front of every line and drops one final line feed (log case 34) (log W20)", () => {
    expect(text(udp2logPacket("line1\nline2", "scap"))).toBe("scap line1\nscap line2\n");
    expect(text(udp2logPacket("a\n\nb", "scap"))).toBe("scap a\nscap \nscap b\n");
    expect(text(udp2logPacket("a\n", "scap"))).toBe("scap a\n");
    expect(text(udp2logPacket("a", ""))).toBe("a\n");
    expect(udp2logPacket("", "")).toBeUndefined();
  });

  it("never makes a datagram that is too large, and cuts between characters (log case 35)", () => {
    const packet = udp2logPacket("é".repeat(70_000), "scap") ?? new Uint8Array();
    expect(packet.length).toBeLessThanOrEqual(65_507);
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(packet)).not.toThrow();
    const zeros = udp2logPacket(`${"0".repeat(65_500)}12`, "scap") ?? new Uint8Array();
    expect(zeros.length).toBe(65_507);
    expect(text(zeros).endsWith("00001\n")).toBe(true);
  });

  it("sends JSON that still parses when the message is too long (log W19)", async () => {
    const receiver = await udpReceiver();
    const sink = udp2logSink({ host: "127.0.0.1", port: receiver.port, writer: WRITER });
    await sent(sink, [{ ...RECORD, msg: "é".repeat(70_000), args: [] }]);
    const [packet] = await receiver.until((messages) => messages.length > 0);
    const data = JSON.parse(text(packet).replace(/^scap /, "")) as Record<string, unknown>;
    expect(data["truncated"]).toBe(true);
    expect(String(data["message"]).length).toBeGreaterThan(10_000);
    await receiver.close();
  });
});

describe("Logstash", () => {
  it("gets one ECS object a line over TCP, and extras cannot replace reserved objects", async () => {
    const receiver = await tcpReceiver();
    const sink = logstashSink({ protocol: "tcp", host: "127.0.0.1", port: receiver.port, writer: WRITER });
    await sent(sink, [RECORD, { ...RECORD, log: "mine", user: { id: 7 } }]);
    const [stream] = await receiver.until(([first]) => text(first).split("\n").length > 2);
    const [one, two] = text(stream)
      .split("\n")
      .map((line) => (line ? (JSON.parse(line) as object) : undefined));
    expect(one).toEqual({
      ecs: { version: "1.7.0" },
      "@timestamp": "2015-10-15T01:50:13Z",
      host: { name: "deploy1" },
      labels: { channel: RECORD.name, target: "web1" },
      log: {
        level: "ERROR",
        logger: RECORD.name,
        origin: { file: { name: null, line: null }, function: null },
      },
      process: { executable: "/usr/bin/scap", pid: 4242 },
      service: { type: "scap" },
      message: "Fetch from: http://deploy1/é",
      "event.action": "fetch",
      user: { name: "alice" },
    });
    expect(two).toMatchObject({ log: { level: "ERROR" }, user: { id: 7, effective: { name: "alice" } } });
    await receiver.close();
  });

  it("gets the flat layout over UDP on request", async () => {
    const receiver = await udpReceiver();
    const options = {
      protocol: "udp",
      host: "127.0.0.1",
      port: receiver.port,
      writer: WRITER,
      layout: "flat",
    } as const;
    await sent(logstashSink(options), [{ ...RECORD, exc_text: "Traceback\nValueError: x" }]);
    const [packet] = await receiver.until((messages) => messages.length > 0);
    expect(JSON.parse(text(packet))).toMatchObject({
      "@version": 1,
      type: "scap",
      host: "web1",
      channel: RECORD.name,
      levelname: "ERROR",
      exception: { class: "ValueError", message: "x" },
    });
    await receiver.close();
  });
});

describe("the IRC relay", () => {
  it("gets announcements only, without line feeds and of bounded length (log case 37) (log W22)", async () => {
    const receiver = await tcpReceiver();
    const sink = ircSink({ host: "127.0.0.1", port: receiver.port, user: "alice", localHost: "deploy1" });
    const announce = { ...RECORD, name: "scap.announce", levelno: 20 };
    await sent(sink, [
      RECORD,
      { ...announce, msg: "Finished %s: é", args: ["x"] },
      { ...announce, msg: "a\n!log b", args: [] },
      { ...announce, msg: "é".repeat(500), args: [] },
    ]);
    const messages = await receiver.until((all) => all.length === 3 && all.every((each) => each.length > 0));
    const texts = messages.map(text);
    expect(texts[0]).toBe("!log alice@deploy1 Finished x: é");
    expect(texts[1]).toBe("!log alice@deploy1 a !log b");
    expect(messages[2]?.length).toBeLessThanOrEqual(400);
    await receiver.close();
  });
});

describe("StatsD", () => {
  it("gets one datagram a metric that parses back (log case 32)", async () => {
    const receiver = await udpReceiver();
    const stats = createStats({ port: receiver.port });
    stats.timing("scap.x", 12.5);
    stats.timing("scap.x", 13.5);
    stats.increment("deploy.all");
    stats.increment("deploy.all", -1);
    stats.increment("deploy.all", 1.5);
    stats.deployed("scap");
    await stats.close();
    const packets = await receiver.until((messages) => messages.length === 7);
    expect(packets.map(text)).toEqual([
      "scap.x:12|ms",
      "scap.x:14|ms",
      "deploy.all:1|c",
      "deploy.all:-1|c",
      "deploy.all:1.5|c",
      "deploy.scap:1|c",
      "deploy.all:1|c",
    ]);
    await receiver.close();
  });

  it("puts several metrics into a datagram when that is configured (log W28)", async () => {
    const receiver = await udpReceiver();
    const stats = createStats({ port: receiver.port, batchBytes: 40 });
    for (let at = 0; at < 4; at += 1) stats.increment(`counter.${at}`);
    await stats.close();
    const packets = await receiver.until((messages) => messages.length === 2);
    expect(packets.map(text)).toEqual(["counter.0:1|c\ncounter.1:1|c", "counter.2:1|c\ncounter.3:1|c"]);
    await receiver.close();
  });
});

describe("a receiver that fails", () => {
  it("never keeps the writer waiting, and every lost record is counted and said (log W21) (log W23)", async () => {
    const receiver = await tcpReceiver({ read: false });
    const problems: string[] = [];
    const sink = logstashSink({
      protocol: "tcp",
      host: "127.0.0.1",
      port: receiver.port,
      maxWaiting: 10,
      closeTimeoutMs: 50,
      onProblem: (problem) => problems.push(problem),
    });
    const big = { ...RECORD, msg: "x".repeat(900_000), args: [] };
    // The receiver never reads: that this comes to an end says that nothing waits for it.
    for (let at = 0; at < 50; at += 1) sink.write(big);
    await sink.close();
    expect(sink.dropped?.()).toBeGreaterThan(30);
    expect(problems.at(-1)).toMatch(/^logstash: \d+ messages were lost$/);
    await receiver.close();
  });

  it("is warned about once when nobody listens (log W23)", async () => {
    const receiver = await tcpReceiver();
    await receiver.close();
    const problems: string[] = [];
    const sink = ircSink({
      host: "127.0.0.1",
      port: receiver.port,
      onProblem: (problem) => problems.push(problem),
    });
    const logger = createLogger({ name: "scap.announce", sinks: [sink] });
    logger.info("one");
    logger.info("two");
    await sink.close();
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("ECONNREFUSED");
    expect(problems[1]).toBe("irc: 2 messages were lost");
  });
});

describe("syslog", () => {
  it.each([
    [50, 10],
    [40, 11],
    [30, 12],
    [20, 14],
    [10, 15],
  ])(
    "puts level %d as priority %d in front of the cookie, and a NUL byte at the end (log case 36)",
    async (levelno, priority) => {
      const receiver = await udpReceiver();
      const target = { protocol: "udp", host: "127.0.0.1", port: receiver.port } as const;
      await sent(syslogSink({ target, writer: WRITER }), [{ ...RECORD, levelno }]);
      const [packet] = await receiver.until((messages) => messages.length > 0);
      const [, json = ""] = /^<\d+>scap: @cee: (\{.*\})\0$/s.exec(text(packet)) ?? [];
      expect(text(packet)).toMatch(new RegExp(`^<${priority}>scap: @cee: {`));
      expect(JSON.parse(json)).toMatchObject({ message: "Fetch from: http://deploy1/é" });
      await receiver.close();
    },
  );
});

describe.skipIf(!hasRsyslog)(`rsyslogd${hasRsyslog ? "" : " (NOT RUN: needs rsyslog)"}`, () => {
  let rsyslog: Rsyslog;
  beforeAll(async () => {
    rsyslog = await rsyslogReceiver(15_514);
  });
  afterAll(() => rsyslog.close());

  it("understands what comes over its socket, UDP and TCP", async () => {
    const { port, socket } = rsyslog;
    const targets = [
      { protocol: "unix", path: socket },
      { protocol: "udp", host: "127.0.0.1", port },
      { protocol: "tcp", host: "127.0.0.1", port },
    ] as const;
    for (const [at, target] of targets.entries()) {
      await sent(syslogSink({ target, writer: WRITER }), [
        { ...RECORD, msg: `over ${target.protocol}`, args: [] },
      ]);
      const line = (await rsyslog.lines(at + 1))[at] ?? "";
      expect(line).toMatch(/^11\|scap:\| @cee: \{/);
      const data = JSON.parse(line.slice(line.indexOf("{")).replace(/#000$/, "")) as Record<string, unknown>;
      expect(data["message"]).toBe(`over ${target.protocol}`);
    }
  });
});

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const JOURNAL = `
import socket, struct, sys, json
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); print("ready", flush=True)
data, fields = s.recv(1 << 20), {}
while data:
    name, data = data.split(b"\\n", 1)
    size = struct.unpack("<Q", data[:8])[0]
    fields[name.decode()] = data[8:8 + size].decode(); data = data[9 + size:]
print(json.dumps(fields), flush=True)
`;

describe.skipIf(!hasPython)(`the journal${hasPython ? "" : " (NOT RUN: needs python3)"}`, () => {
  it("gets the fields of a record in its native protocol", async () => {
    const directory = mkdtempSync(join(tmpdir(), "scap-journal-"));
    const path = join(directory, "socket");
    const child = spawn(PYTHON, ["-c", JOURNAL, path], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    await sent(journaldSink({ path }), [{ ...RECORD, msg: "two\nlines é", args: [], stage: "fetch" }]);
    expect(JSON.parse(String((await lines.next()).value))).toEqual({
      MESSAGE: "two\nlines é",
      PRIORITY: "3",
      SYSLOG_IDENTIFIER: "scap",
      SCAP_LOGGER: RECORD.name,
      SCAP_HOST: "web1",
      SCAP_STAGE: "fetch",
    });
    if (child.exitCode === null) await once(child, "exit");
    rmSync(directory, { recursive: true });
  });

  it("is reported when its socket is not there", async () => {
    const problems: string[] = [];
    const sink = journaldSink({
      path: "/nonexistent/socket",
      onProblem: (problem) => problems.push(problem),
    });
    await sent(sink, [RECORD]);
    expect(problems[0]).toContain("there is no socket /nonexistent/socket");
  });
});

describe("receivers that the tests need", () => {
  it.runIf(process.env["CI"])("are installed", () => {
    expect({ hasRsyslog, hasPython }).toEqual({ hasRsyslog: true, hasPython: true });
  });
});
