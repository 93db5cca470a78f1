import { expect, it } from "vitest";
import { decodeRecord } from "../decode-record.ts";
import type { LogRecord } from "../record.ts";
import { centralJson, layOut } from "./central-layout.ts";
import { exceptionFields } from "./exception-fields.ts";
import { shortenedJson } from "./shorten-record.ts";

const WRITER = { host: "deploy1", script: "/usr/bin/scap", user: "alice", pid: 4242 };

function record(fields: string): LogRecord {
  return decodeRecord(
    `{"name": "target.web1.x", "created": 1444873813.9, "host": "web1", ${fields}}`,
  ) as LogRecord;
}

it("the flat layout has its fields, and extras in place of fixed ones", () => {
  const flat = layOut(
    record('"msg": "a %s", "args": [1.0], "type": "config_diff", "lineno": 3, "filename": "x.py"'),
    "flat",
    WRITER,
  );
  expect(JSON.parse(centralJson(flat))).toEqual({
    "@version": 1,
    type: "config_diff",
    host: "web1",
    script: "/usr/bin/scap",
    user: "alice",
    levelname: "INFO",
    pathname: "x.py",
    filename: "x.py",
    module: "x",
    stack_info: null,
    lineno: 3,
    funcName: null,
    process: 4242,
    channel: "target.web1.x",
    "@timestamp": "2015-10-15T01:50:13Z",
    message: "a 1.0",
  });
});

it("what would replace an object of the ECS layout becomes a label (log W24)", () => {
  const odd = record(
    '"log": "mine", "error": 5, "labels": [1], "service": null, "user": "bob", "stage": "fetch"',
  );
  const ecs = JSON.parse(centralJson(layOut(odd, "ecs", WRITER))) as Record<string, unknown>;
  expect(ecs).toMatchObject({
    log: { level: "INFO" },
    service: { type: "scap" },
    user: { name: "alice" },
    stage: "fetch",
    labels: {
      log: "mine",
      error: "5",
      labels: "[1]",
      service: "None",
      channel: "target.web1.x",
      target: "web1",
    },
  });
});

it.each(["ecs", "flat"] as const)("numbers that JSON does not know are texts in the %s layout", (layout) => {
  const json = centralJson(
    layOut(record('"a": NaN, "b": {"c": [-Infinity, 1e999]}, "d": 1e20'), layout, WRITER),
  );
  expect(JSON.parse(json)).toMatchObject({ a: "NaN", b: { c: ["-Infinity", "Infinity"] }, d: 1e20 });
});

it("the stack of an exception is taken apart, of Python and of JavaScript", () => {
  const python =
    'Traceback (most recent call last):\n  File "/a b/x.py", line 3, in main\n    call()\n  File "y.py", line 4, in call\nValueError: no\n';
  expect(exceptionFields(python)).toEqual({
    class: "ValueError",
    message: "no",
    stacktrace: [
      { file: "/a b/x.py", line: 3, function: "main", text: "call()" },
      { file: "y.py", line: 4, function: "call" },
    ],
  });
  const script = "TypeError: no\n    at main (file:///x.js:3:7)\n    at /y.js:4:1\nCaused by: Error: deep";
  expect(exceptionFields(script)).toEqual({
    class: "TypeError",
    message: "no",
    stacktrace: [
      { file: "file:///x.js", line: 3, function: "main", text: "at main (file:///x.js:3:7)" },
      { file: "/y.js", line: 4, text: "at /y.js:4:1" },
      { text: "Caused by: Error: deep" },
    ],
  });
  expect(exceptionFields("odd text")).toEqual({ class: "Error", message: "odd text", stacktrace: [] });
  expect(exceptionFields("KeyError")).toEqual({ class: "KeyError", message: "KeyError", stacktrace: [] });
});

it.each([
  ["a message", { message: 'é"\n😀x'.repeat(9000) }],
  ["a list", { extra: Array.from({ length: 9000 }, (_, at) => `"${at}"`) }],
  ["many fields", Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`k${at}`, "\\".repeat(200)]))],
  ["an exception first", { exception: { text: "x".repeat(50_000) }, message: "m".repeat(9000) }],
])("%s that is too large is cut to JSON that parses", (_name, fields) => {
  const json = shortenedJson({ id: 7, ...fields }, 20_000);
  expect(json.length).toBeLessThanOrEqual(20_000);
  expect(json.length).toBeGreaterThan(19_900);
  expect(JSON.parse(json)).toMatchObject({ id: 7, truncated: true });
  if ("exception" in fields) expect(JSON.parse(json)).toMatchObject({ message: fields.message });
});
