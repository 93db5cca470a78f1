import { describe, expect, it } from "vitest";
import { decodeRecord } from "./decode-record.ts";
import { encodeRecord } from "./encode-record.ts";
import { formatMessage } from "./message/format-message.ts";
import type { LogRecord } from "./record.ts";

const LINE =
  '{"name": "target.web1.example.org.deploy-local", "msg": "Fetch from: %s", "args": ["http://deploy1.example.org/shop/web/.git"], "levelno": 20, "filename": "deploy.py", "exc_text": null, "lineno": 331, "funcName": "fetch", "created": 1444873813.116016, "msecs": 116.0, "relativeCreated": 38272.172927856445, "host": "web1.example.org"}';

describe("records on disk", () => {
  it("come back as the original wrote them", () => {
    const record = decodeRecord(LINE) as LogRecord;
    expect(record.name).toBe("target.web1.example.org.deploy-local");
    expect(encodeRecord(record)).toBe(LINE);
  });

  it("keep number tokens, key order, odd keys and lone surrogates", () => {
    const values =
      '{"b": 1.0, "10": 12345678901234567890, "2": 1e+20, "__proto__": NaN, "c": -Infinity, "s": "\\ud800\\u00e9\\ud83d\\ude00\\u007f"}';
    const line = LINE.replace('"host"', `"values": ${values}, "host"`);
    expect(encodeRecord(decodeRecord(line) as LogRecord)).toBe(line);
  });

  it("get the defaults of the format for missing fields", () => {
    expect(decodeRecord("{}")).toMatchObject({
      name: "",
      msg: "",
      args: [],
      levelno: 20,
      filename: null,
      lineno: null,
    });
  });

  it("ignore what is derived on reading", () => {
    const record = decodeRecord('{"levelname": "X", "process": 1, "exc_info": true, "threadName": "t"}');
    expect(Object.keys(record ?? {})).not.toEqual(expect.arrayContaining(["levelname"]));
    expect(record).not.toHaveProperty("process");
  });

  it.each([
    "[1]",
    '"x"',
    '{"msg":',
    '{"args": null}',
    '{"args": 5}',
    '{"levelno": "x"}',
    '{"name": null}',
    "{} x",
    "",
    "NaN",
  ])("are refused when they are none: %s", (line) => {
    expect(decodeRecord(line)).toBeUndefined();
  });

  it("may have control characters in front", () => {
    expect(decodeRecord('\u0007 {"msg": "x"}')).toMatchObject({ msg: "x" });
  });

  it("hold the text of errors, bytes, sets, dates and cycles, on one ASCII line (log W18)", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const args = [
      new Error("é"),
      Buffer.from("raw"),
      new Set([1]),
      new Map([["k", 2n]]),
      new Date(0),
      cycle,
      undefined,
      -0,
    ];
    const line = encodeRecord({ name: "n\n", msg: "m", args, levelno: 20, created: 1 });
    expect(line).toMatch(/^[ -~]*$/);
    expect(line).toContain(
      '"args": ["Error: \\u00e9", "raw", [1], {"k": 2}, "1970-01-01T00:00:00.000Z", ["[circular]"], null, -0.0]',
    );
  });

  it("of hostile depth do not overflow the stack", () => {
    let deep: unknown = "x";
    for (let at = 0; at < 10_000; at += 1) deep = { deep };
    const line = encodeRecord({ name: "n", msg: "%s", args: [deep], levelno: 20, created: 1 });
    expect(formatMessage(decodeRecord(line) ?? {})).toContain("[nested too deeply]");
  });
});
