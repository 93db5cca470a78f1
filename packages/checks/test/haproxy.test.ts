import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get, type Server, type ServerResponse } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askHaproxy } from "../src/types/haproxy-socket.ts";
import { checksFromDefinitions, runChecks, validateChecks, type CheckResult } from "../src/index.ts";

const HAPROXY = "/usr/sbin/haproxy";
const NEVER = new AbortController().signal;
const isMissing = !existsSync(HAPROXY);
if (isMissing && process.env["CI"] !== undefined) throw new Error("haproxy is needed under CI");

/** A web server that says its name, and keeps requests for /slow open. */
class Backend {
  readonly slow: ServerResponse[] = [];
  readonly #server: Server;

  constructor(name: string) {
    this.#server = createServer((request, response) => {
      if (request.url === "/slow") this.slow.push(response.writeHead(200));
      else response.end(name);
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe.skipIf(isMissing)(`the type haproxy${isMissing ? " (NOT RUN: needs haproxy)" : ""}`, () => {
  const backends = [new Backend("web1"), new Backend("web2")] as const;
  let directory: string;
  let port: number;
  let haproxy: ChildProcess;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "scap-haproxy-"));
    const [first, second] = await Promise.all(backends.map((backend) => backend.listen()));
    port = await freePort();
    const config = join(directory, "haproxy.cfg");
    writeFileSync(
      config,
      `global
  stats socket ${join(directory, "admin.sock")} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
frontend site
  bind 127.0.0.1:${port}
  default_backend web
backend web
  server web1 127.0.0.1:${first} check inter 50ms fastinter 50ms rise 1
  server web2 127.0.0.1:${second} check inter 50ms fastinter 50ms rise 1
`,
    );
    expect(spawnSync(HAPROXY, ["-c", "-f", config]).status).toBe(0);
    haproxy = spawn(HAPROXY, ["-db", "-f", config], { stdio: "ignore" });
    while (!existsSync(join(directory, "admin.sock"))) await sleep(10);
  });
  afterAll(async () => {
    haproxy.kill();
    await once(haproxy, "exit");
    for (const backend of backends) backend.close();
    rmSync(directory, { recursive: true });
  });

  async function hook(name: "drain" | "pool", more: Record<string, unknown> = {}): Promise<CheckResult> {
    const socket = join(directory, "admin.sock");
    const definition = { type: "haproxy", hook: name, socket, backend: "web", server: "web1", ...more };
    const { checks } = checksFromDefinitions({ only: definition });
    const { results } = await runChecks({ checks, cwd: directory });
    if (results[0] === undefined) throw new Error("expected a result");
    return results[0];
  }

  /** Names of the servers that answer a number of requests. */
  async function answers(): Promise<Set<string>> {
    const names = await Promise.all(Array.from({ length: 10 }, () => fetch(`http://127.0.0.1:${port}/`)));
    return new Set(await Promise.all(names.map((response) => response.text())));
  }

  it("drains a server after its last session, and puts it back when it is up", async () => {
    expect(await answers()).toEqual(new Set(["web1", "web2"]));
    expect(await hook("drain")).toMatchObject({ status: "passed" });
    expect(await answers()).toEqual(new Set(["web2"]));
    expect(await hook("pool")).toMatchObject({ status: "passed" });
    expect(await answers()).toEqual(new Set(["web1", "web2"]));
  });

  it("waits for the sessions that are open, at most for its timeout", async () => {
    while (backends[0].slow.length === 0) {
      get(`http://127.0.0.1:${port}/slow`).on("error", () => {});
      await sleep(50);
    }
    const late = await hook("drain", { timeout: 0.5 });
    expect(late).toMatchObject({
      status: "timed-out",
      reason: expect.stringMatching(/web\/web1: \d+ sessions have not ended/),
    });
    const waiting = hook("drain", { timeout: 10 });
    for (const response of [...backends[0].slow, ...backends[1].slow]) response.end();
    expect(await waiting).toMatchObject({ status: "passed" });
    await hook("pool");
  });

  it.each(["drain", "maint"])("leaves a server alone that somebody else has in %s", async (state) => {
    await askHaproxy({ path: join(directory, "admin.sock") }, `set server web/web1 state ${state}`, NEVER);
    expect(await hook("drain")).toMatchObject({
      status: "passed",
      isNoop: true,
      output: expect.stringContaining(`web/web1: left in ${state}`),
    });
    expect(await hook("pool")).toMatchObject({ status: "passed", isNoop: state === "maint" });
    expect(await answers()).toEqual(new Set(state === "maint" ? ["web2"] : ["web1", "web2"]));
    await askHaproxy({ path: join(directory, "admin.sock") }, "set server web/web1 state ready", NEVER);
    await hook("pool");
  });

  it.each([
    [{ server: "nosuch" }, /^HAProxy at .*admin\.sock: web\/nosuch: there is no such server$/],
    [{ backend: "nosuch" }, /^HAProxy at .*admin\.sock: nosuch\/web1: Can't find backend/],
    [{ socket: "/nonexistent/sock" }, /^cannot reach HAProxy at \/nonexistent\/sock: .*ENOENT/],
  ])("says what is wrong, and with which server, for %j", async (wrong, reason) => {
    expect(await hook("drain", wrong)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(reason),
    });
  });
});

it("a haproxy hook without a socket, or at a stage, is refused before any host is touched", () => {
  const { checks } = checksFromDefinitions({
    a: { type: "haproxy", hook: "drain", backend: "web" },
    b: { type: "haproxy", before: "promote", socket: "/s", backend: "web" },
    c: { type: "command", command: "true", hook: "pool", after: "promote" },
    d: { type: "haproxy", hook: "pool", socket: "/s", backend: "web; shutdown" },
  });
  const problems = validateChecks({ checks }).map(({ check, message }) => `${check}: ${message}`);
  expect(problems).toEqual([
    "a: socket must be a path or host:port",
    "b: type haproxy needs hook: drain or hook: pool",
    "c: a hook has no before, after or run: it runs around every switch",
    "d: backend must be the name of a backend",
  ]);
});

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
