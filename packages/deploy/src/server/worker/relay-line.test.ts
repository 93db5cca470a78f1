import { createLogger, formatMessage, type LogRecord } from "@scap/log";
import { expect, it } from "vitest";
import { createLineRelay } from "./relay-line.ts";

function logOf(said: readonly (readonly [host: string, line: string])[], mostBytes?: number): LogRecord[] {
  const records: LogRecord[] = [];
  const sink = { write: (record: LogRecord) => records.push(record), close: async () => {} };
  const logger = createLogger({ name: "deploy", sinks: [sink] });
  const { end, pass } = createLineRelay(logger, mostBytes === undefined ? {} : { mostBytes });
  for (const [host, line] of said) pass(host, line);
  end();
  return records;
}

const relay = (...lines: string[]): LogRecord[] => logOf(lines.map((line) => ["web1", line] as const));

it("passes a target's records on under its name, whatever host they claim", () => {
  const [record] = relay('{"name":"deploy-local","msg":"a %s","args":["b"],"levelno":30,"host":"other"}');
  expect(record).toMatchObject({ name: "target.web1.deploy-local", host: "web1", levelno: 30, args: ["b"] });
});

it("passes other text on once, as a debug record", () => {
  const records = relay("plain text", '{"msg":"record"}', "{broken");
  expect(records.map(({ msg, levelno }) => [msg, levelno])).toEqual([
    ["plain text", 10],
    ["record", 20],
    ["{broken", 10],
  ]);
});

it("does not let a target speak for the deployment", () => {
  const [record] = relay('{"msg":"done","event":"deploy.finished","outcome":"ok"}');
  expect(record?.["event"]).toBeUndefined();
});

it("leaves out what a host says beyond its share, and tells how much that was", () => {
  const said = ["12345678", "1", '{"msg":"a record"}', "x"].map((line) => ["web1", line] as const);
  const records = logOf([...said, ["web2", "12345678"]], 10);
  expect(records.map((record) => [record["host"], record.levelno, formatMessage(record)])).toEqual([
    ["web1", 10, "12345678"],
    ["web1", 30, "web1 has said 1 kB: the rest is left out of the log"],
    ["web2", 10, "12345678"],
    ["web1", 30, "web1 has said more than 1 kB: 3 lines (1 kB) are not in the log"],
  ]);
});
