import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { downloadDeployInfo } from "./download-deploy-info.ts";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/web`;
}

const { signal } = new AbortController();

describe("getting the deploy info from a server (deploy W40)", () => {
  it("goes on after an error of the server", async () => {
    const statuses = [503, 200];
    const url = await serve((_, response) => response.writeHead(statuses.shift() ?? 500).end("commit: x\n"));
    expect(await downloadDeployInfo(url, { signal })).toBe("commit: x\n");
  });

  it("ends when a server never answers, however often it was asked", async () => {
    let asked = 0;
    const url = await serve(() => (asked += 1));
    await expect(downloadDeployInfo(url, { signal, timeoutMs: 200, tries: 2 })).rejects.toThrow(
      `Cannot get the deploy info from ${url}/.git/DEPLOY_HEAD: no answer in time`,
    );
    expect(asked).toBeLessThanOrEqual(2);
  });

  it("ends when a server stops in the middle of its answer", async () => {
    const url = await serve((_, response) => response.writeHead(200).write("commit: "));
    await expect(downloadDeployInfo(url, { signal, timeoutMs: 200, tries: 1 })).rejects.toThrow(
      "no answer in time",
    );
  });

  it("asks once where the server has none", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(404).end();
    });
    await expect(downloadDeployInfo(url, { signal })).rejects.toThrow("the server answered 404");
    expect(asked).toBe(1);
  });
});
