import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogger, openTelemetrySink } from "../src/index.ts";

interface Body {
  readonly resourceLogs?: readonly {
    scopeLogs: readonly { scope: { name: string }; logRecords: readonly OtlpLog[] }[];
  }[];
  readonly resourceSpans?: readonly { scopeSpans: readonly { spans: readonly OtlpSpan[] }[] }[];
}
interface OtlpLog {
  readonly severityText: string;
  readonly body: { stringValue: string };
  readonly traceId?: string;
}
interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

let server: Server;
let bodies: Body[];
let status: number;

beforeEach(async () => {
  [bodies, status] = [[], 200];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()) as Body);
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

function endpoint(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("OpenTelemetry", () => {
  it("gets every record as a log record, and a deployment as one trace", async () => {
    const sink = await openTelemetrySink({ endpoint: endpoint() });
    let nowMs = 1_000_000;
    const logger = createLogger({ name: "deploy", sinks: [sink], clock: () => nowMs });
    const stage = { label: "canary", stage: "fetch" };
    logger.info("start", { event: "deploy.started", repo: "shop/web", user: "alice" });
    logger.info("fetch", { event: "stage.started", ...stage });
    nowMs += 5000;
    logger.named("target.web1").warning("slow %s", { args: ["disk"], host: "web1" });
    logger.info("web1 ok", {
      event: "stage.host.finished",
      ...stage,
      host: "web1",
      outcome: "ok",
      durationMs: 4000,
    });
    logger.info("fetched", { event: "stage.finished", ...stage });
    logger.info("end", { event: "deploy.finished", outcome: "ok" });
    await sink.close();

    const scopes = bodies.flatMap((body) => body.resourceLogs ?? []).flatMap(({ scopeLogs }) => scopeLogs);
    const logs = scopes.flatMap(({ logRecords }) => logRecords);
    expect(logs.map(({ body }) => body.stringValue).toSorted()).toEqual(
      ["start", "fetch", "slow disk", "web1 ok", "fetched", "end"].toSorted(),
    );
    expect(scopes.find(({ scope }) => scope.name === "target.web1")?.logRecords[0]?.severityText).toBe(
      "WARNING",
    );
    const spans = bodies
      .flatMap((body) => body.resourceSpans ?? [])
      .flatMap((each) => each.scopeSpans.flatMap((s) => s.spans));
    const byName = new Map(spans.map((span) => [span.name, span]));
    expect([...byName.keys()].toSorted()).toEqual(["deploy", "fetch", "fetch web1"]);
    expect(new Set([...spans, ...logs].map(({ traceId }) => traceId)).size).toBe(1);
    expect(byName.get("fetch")?.parentSpanId).toBe(byName.get("deploy")?.spanId);
    expect(byName.get("fetch web1")?.parentSpanId).toBe(byName.get("fetch")?.spanId);
    expect(byName.get("fetch web1")?.startTimeUnixNano).toBe("1001000000000");
  });

  it("counts what the collector refuses, and says so", async () => {
    status = 400;
    const problems: string[] = [];
    const sink = await openTelemetrySink({
      endpoint: endpoint(),
      onProblem: (problem) => problems.push(problem),
    });
    const logger = createLogger({ name: "deploy", sinks: [sink] });
    logger.info("one");
    logger.info("two");
    await sink.close();
    expect(problems[0]).toContain("opentelemetry: cannot send");
    expect(problems.at(-1)).toBe("opentelemetry: 2 records were lost");
  });
});
