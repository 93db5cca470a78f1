import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createLogger } from "../logger.ts";
import { webhookSink, type WebhookSinkOptions } from "./webhook-sink.ts";

let server: Server;
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/** A receiver; `answer` decides what each request gets. */
async function receiver(
  answer: (response: ServerResponse, request: number) => void,
): Promise<{ url: string; bodies: unknown[] }> {
  const bodies: unknown[] = [];
  server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      bodies.push(JSON.parse(text));
      answer(response, bodies.length);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/s3cret` };
}

function sinkOf(url: string, more: Partial<WebhookSinkOptions> = {}) {
  const problems: string[] = [];
  const sink = webhookSink({
    url,
    firstPauseMs: 5,
    bodyOf: ({ msg }) => (msg === "private" ? undefined : { text: msg }),
    onProblem: (text) => problems.push(text),
    ...more,
  });
  return { sink, problems, logger: createLogger({ name: "deploy", sinks: [sink] }) };
}

it("posts records in order, those that it is asked for", async () => {
  const { bodies, url } = await receiver((response) => response.end());
  const { logger, sink } = sinkOf(url);
  for (const text of ["one", "private", "two"]) logger.info(text);
  await sink.close();
  expect(bodies).toEqual([{ text: "one" }, { text: "two" }]);
});

it("tries again when the receiver is in trouble, and does not when it refuses", async () => {
  const { bodies, url } = await receiver((response, request) => {
    const status = [503, 429, 200, 400][request - 1] ?? 200;
    response.writeHead(status).end();
  });
  const { logger, problems, sink } = sinkOf(url);
  logger.info("one");
  logger.info("refused");
  await sink.close();
  expect(bodies).toEqual([{ text: "one" }, { text: "one" }, { text: "one" }, { text: "refused" }]);
  expect(problems[0]).toMatch(/^webhook 127\.0\.0\.1:\d+: cannot send: it answered 400/);
  expect(problems.join()).not.toContain("s3cret");
});

it("keeps nobody waiting for a receiver that never answers", async () => {
  const { url } = await receiver(() => {});
  const { logger, problems, sink } = sinkOf(url, { closeTimeoutMs: 50 });
  for (let count = 0; count < 100; count++) logger.info("text");
  await sink.close();
  expect(problems.at(-1)).toMatch(/100 messages were lost$/);
});
