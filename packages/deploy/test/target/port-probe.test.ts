import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";

import { probePort } from "../../src/target/services/port-probe.ts";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(port: number, host: string): Promise<number> {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  servers.push(server);
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const port = await listen(0, "127.0.0.1");
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

const { signal } = new AbortController();

describe("the probe of a port", () => {
  it("goes on once the port opens (B24) (deploy W29)", async () => {
    const port = await freePort();
    const probing = probePort({ port, signal, timeoutMs: 60_000 });
    await new Promise((resolve) => setImmediate(resolve));
    await listen(port, "127.0.0.1");
    await probing;
  });

  it("tries once however short the time is, and IPv6 too (deploy W29)", async () => {
    await probePort({ port: await listen(0, "127.0.0.1"), signal, timeoutMs: 0 });
    await probePort({ port: await listen(0, "::1"), signal, timeoutMs: 0 });
  });

  it("says which port stayed closed, and for how long", async () => {
    const port = await freePort();
    await expect(probePort({ port, signal, timeoutMs: 50 })).rejects.toMatchObject({
      code: "PORT_CLOSED",
      message: `Nothing accepts connections on port ${port} after 0.05 s`,
    });
  });
});
