import { createLogger, type LogRecord } from "@scap/log";
import { expect, it } from "vitest";
import { createLineRelay } from "./relay-line.ts";

function relay(...lines: string[]): LogRecord[] {
  const records: LogRecord[] = [];
  const sink = { write: (record: LogRecord) => records.push(record), close: async () => {} };
  const pass = createLineRelay(createLogger({ name: "deploy", sinks: [sink] }));
  for (const line of lines) pass("web1", line);
  return records;
}

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
