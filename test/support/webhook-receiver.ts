import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Somebody who is told of deployments, after some trouble. */
export interface WebhookReceiver {
  readonly url: string;
  /** What arrived and was accepted, in order. */
  readonly told: readonly Record<string, unknown>[];
  close(): void;
}

/** Starts one that answers its first request with 503. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const told: Record<string, unknown>[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      requests += 1;
      if (requests > 1) told.push(JSON.parse(text) as Record<string, unknown>);
      response.writeHead(requests > 1 ? 200 : 503).end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, told, close: () => server.close() };
}
