import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { startEmbeddedLab, type Lab } from "@scap/lab";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkout, scapFiles } from "./support/checkout.ts";
import {
  receiveTcp,
  receiveUdp,
  rsyslogObstacle,
  startRsyslog,
  type LogReceiver,
  type Rsyslog,
  type SyslogRecord,
} from "./support/log-receivers.ts";
import { requireUnderCi } from "./support/require-under-ci.ts";
import { runScap, type ScapResult } from "./support/run-scap.ts";

requireUnderCi("rsyslogd", rsyslogObstacle);

const HOSTS = ["web1", "web2"];
const REPO = "test/told";
let lab: Lab;
let checkout: Checkout;
const receivers: LogReceiver[] = [];

beforeAll(async () => {
  lab = await startEmbeddedLab({ hosts: HOSTS });
});
afterAll(async () => lab.close());
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  checkout.remove();
});

async function opened(receiver: Promise<LogReceiver>): Promise<LogReceiver> {
  receivers.push(await receiver);
  return await receiver;
}

function deployWith(
  config: Readonly<Record<string, string>>,
  { args = ["tell them"], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
): Promise<ScapResult> {
  checkout = new Checkout(scapFiles(HOSTS, { git_repo: REPO, ...config }));
  return runScap(["deploy", ...args], {
    cwd: checkout.directory,
    env: { ...lab.env, SPIDERPIG_REAL_USER: "alice", ...env },
  });
}

function logText(): string {
  const directory = join(checkout.directory, "scap/log");
  return readdirSync(directory)
    .map((name) => readFileSync(join(directory, name), "utf8"))
    .join("");
}

function recordsOf(lines: string): Record<string, unknown>[] {
  const whole = lines.split("\n").slice(0, -1);
  return whole.map((line) => JSON.parse(line) as Record<string, unknown>);
}

it("Logstash, udp2log, the IRC relay and StatsD get a deployment, of targets too", async () => {
  const [logstash, irc] = [await opened(receiveTcp()), await opened(receiveTcp())];
  const [udp2log, statsd] = [await opened(receiveUdp()), await opened(receiveUdp())];
  const result = await deployWith({
    logstash_address: `tcp://localhost:${logstash.port}`,
    udp2log_host: "127.0.0.1",
    udp2log_port: `${udp2log.port}`,
    tcpircbot_host: "127.0.0.1",
    tcpircbot_port: `${irc.port}`,
    statsd_port: `${statsd.port}`,
  });
  expect(result).toMatchObject({ status: 0, stderr: expect.not.stringContaining("warning") });

  const written = recordsOf(logText());
  const lineCount = (texts: readonly string[]): number => texts.join("").split("\n").length - 1;
  const sent = recordsOf((await logstash.until((texts) => lineCount(texts) >= written.length)).join(""));
  expect(sent).toHaveLength(written.length);
  expect(sent).toContainEqual(
    expect.objectContaining({
      ecs: { version: "1.7.0" },
      event: "deploy.finished",
      host: { name: hostname() },
      user: { name: "alice" },
    }),
  );
  expect(sent).toContainEqual(
    expect.objectContaining({
      labels: { channel: expect.stringMatching(/^target\.web1\./), target: "web1" },
    }),
  );
  const datagrams = await udp2log.until(({ length }) => length >= written.length);
  const prefixed = datagrams.map((text) => /^scap (\{.*\}\n)$/.exec(text)?.[1] ?? text);
  expect(recordsOf(prefixed.join(""))).toEqual(sent);

  const name = `deploy [${REPO}@${checkout.git("rev-parse", "HEAD").slice(0, 7)}]`;
  const sender = `!log alice@${hostname()}`;
  const announced = await irc.until(([, last = ""]) => last.endsWith("s)"));
  expect(announced).toEqual([
    `${sender} Started ${name}: tell them`,
    expect.stringMatching(/^!log \S+ Finished deploy \[.*\]: tell them \(duration: \d\dm \d\ds\)$/),
  ]);
  expect(await statsd.until(({ length }) => length > 0)).toEqual([
    expect.stringMatching(/^scap\.deploy:\d+\|ms$/),
  ]);
});

it("the older layout is one option away", async () => {
  const logstash = await opened(receiveUdp());
  const address = `udp://127.0.0.1:${logstash.port}`;
  expect(await deployWith({ logstash_address: address, log_layout: "flat" })).toMatchObject({ status: 0 });
  const datagrams = await logstash.until((texts) => texts.some((text) => text.includes("Finished deploy")));
  expect(recordsOf(datagrams.join(""))).toContainEqual(
    expect.objectContaining({ "@version": 1, type: "scap", channel: "scap.announce", user: "alice" }),
  );
});

it("receivers that are dead or never read stall nothing, and what they lost is said", async () => {
  const stuck = await opened(receiveTcp({ read: false }));
  const { status, stderr } = await deployWith({
    logstash_address: `tcp://127.0.0.1:${stuck.port}`,
    tcpircbot_host: "127.0.0.1",
    tcpircbot_port: "1",
    use_syslog: "true",
    syslog_address: "unix:///nowhere/log",
    use_journald: "true",
    otel_endpoint: `http://127.0.0.1:${stuck.port}`,
  });
  expect(status).toBe(0);
  for (const name of ["irc", "syslog"]) {
    expect(stderr).toMatch(new RegExp(`warning: ${name}: cannot send: .*; later failures are only counted`));
    expect(stderr).toMatch(new RegExp(`warning: ${name}: \\d+ messages? (?:was|were) lost`));
  }
  expect(stderr).toMatch(/warning: opentelemetry: \d+ records were lost/);
  expect(recordsOf(logText())).toContainEqual(expect.objectContaining({ event: "deploy.finished" }));
});

it("an OpenTelemetry collector gets the records and one trace", async () => {
  const spans: string[] = [];
  const paths = new Set<string | undefined>();
  const collector = createServer((request, response) => {
    paths.add(request.url);
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      spans.push(...[...text.matchAll(/"name":"([^"]+)","kind"/g)].map(([, name = ""]) => name));
      response.end("{}");
    });
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as AddressInfo;
  const { status } = await deployWith({ otel_endpoint: `http://127.0.0.1:${port}` });
  collector.close();
  expect(status).toBe(0);
  expect(paths).toEqual(new Set(["/v1/logs", "/v1/traces"]));
  expect(spans).toEqual(expect.arrayContaining(["deploy", "fetch", "fetch web1", "promote web2"]));
});

it("the values of secret variables are nowhere, neither in the log nor at a relay nor on the screen (log W30)", async () => {
  const [logstash, irc] = [await opened(receiveTcp()), await opened(receiveTcp())];
  const result = await deployWith(
    {
      secret_variables: "DB_PASSWORD, OTHER",
      logstash_address: `tcp://127.0.0.1:${logstash.port}`,
      tcpircbot_host: "127.0.0.1",
      tcpircbot_port: `${irc.port}`,
    },
    { args: ["it was hunter22"], env: { DB_PASSWORD: "hunter22" } },
  );
  expect(result.status).toBe(0);
  const sent = await logstash.until((texts) => texts.join("").includes("Finished deploy"));
  const announced = await irc.until(([, last = ""]) => last.endsWith("s)"));
  const everything = [logText(), ...sent, ...announced, result.stderr, result.stdout].join("\n");
  expect(everything).not.toContain("hunter22");
  expect(announced[0]).toContain("it was [redacted]");
});

it("logs are not for everybody; beyond log_keep they are removed, but for the newest and for what is no log (log W29) (log W30)", async () => {
  checkout = new Checkout(scapFiles(HOSTS, { git_repo: REPO, log_keep: "7" }));
  const directory = join(checkout.directory, "scap/log");
  mkdirSync(directory, { recursive: true });
  const aged = (name: string, days: number): void => {
    writeFileSync(join(directory, name), "");
    utimesSync(join(directory, name), new Date(), new Date(Date.now() - days * 86_400_000));
  };
  aged("newest.log", 9);
  aged("older.log", 10);
  aged("notes.txt", 100);
  const { status } = await runScap(["deploy", "x"], { cwd: checkout.directory, env: lab.env });
  expect(status).toBe(0);
  expect(existsSync(join(directory, "newest.log"))).toBe(true);
  expect(existsSync(join(directory, "notes.txt"))).toBe(true);
  expect(existsSync(join(directory, "older.log"))).toBe(false);
  const own = readdirSync(directory).find((name) => name.startsWith("scap-sync-")) ?? "";
  expect(statSync(join(directory, own)).mode & 0o777).toBe(0o640);
});

describe.skipIf(rsyslogObstacle !== undefined)(
  `rsyslogd${rsyslogObstacle === undefined ? "" : ` (NOT RUN: ${rsyslogObstacle})`}`,
  () => {
    let rsyslog: Rsyslog;
    beforeEach(async () => {
      rsyslog = await startRsyslog();
    });
    afterEach(async () => rsyslog.close());

    it.each(["unix", "udp", "tcp"] as const)("parses every record that comes by %s", async (protocol) => {
      const { status } = await deployWith({
        use_syslog: "true",
        syslog_address: rsyslog.addresses[protocol],
      });
      expect(status).toBe(0);
      const isEnd = ({ json }: SyslogRecord): boolean => json["event"] === "deploy.finished";
      const received = await rsyslog.until(isEnd);
      expect(received.find(isEnd)).toMatchObject({ priority: 14, json: { user: { name: "alice" } } });
      const debug = received.find(({ json }) => (json["log"] as { level: string }).level === "DEBUG");
      expect(debug?.priority).toBe(15);
    });
  },
);
