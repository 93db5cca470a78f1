import { describe, expect, it } from "vitest";
import { createLogger } from "./logger.ts";
import { logLargeMessage } from "./log-large-message.ts";
import { formatMessage } from "./message/format-message.ts";
import { createRedactor } from "./redact.ts";
import type { LogRecord } from "./record.ts";
import type { Sink } from "./sink.ts";

function memorySink(): Sink & { readonly records: LogRecord[] } {
  const records: LogRecord[] = [];
  return { records, write: (record) => records.push(record), close: () => Promise.resolve() };
}

describe("a logger", () => {
  it("writes records with its name, level, time and fields", () => {
    const sink = memorySink();
    const logger = createLogger({
      name: "deploy",
      sinks: [sink],
      fields: { stage: "fetch" },
      clock: () => 1500,
    });
    logger.warning("left: %d", { args: [3], host: "web1" });
    expect(sink.records[0]).toMatchObject({
      name: "deploy",
      msg: "left: %d",
      args: [3],
      levelno: 30,
      created: 1.5,
      msecs: 500,
      stage: "fetch",
      host: "web1",
      exc_text: null,
    });
  });

  it("takes a message without arguments as it is", () => {
    const sink = memorySink();
    createLogger({ name: "x", sinks: [sink] }).info("100% %s");
    expect(formatMessage(sink.records[0] ?? {})).toBe("100% %s");
  });

  it("joins the names of contexts, starting from the root", () => {
    const root = createLogger({ name: "root", sinks: [] });
    expect(root.child("sync_common").child("timer").name).toBe("sync_common.timer");
    expect(root.child("deploy").named("scap.announce").name).toBe("scap.announce");
  });

  it("writes an error with its stack and its causes", () => {
    const sink = memorySink();
    const error = new Error("outer", { cause: new Error("inner") });
    createLogger({ name: "x", sinks: [sink] }).error("failed", { error });
    expect(sink.records[0]?.exc_text).toMatch(/^Error: outer\n[^]*Caused by: Error: inner/);
  });

  it("goes on when a sink throws, and says so once in the others", () => {
    const sink = memorySink();
    const broken: Sink = {
      name: "broken",
      write: () => {
        throw new Error("no");
      },
      close: () => Promise.resolve(),
    };
    const logger = createLogger({ name: "x", sinks: [broken, sink] });
    logger.info("one");
    logger.info("two");
    expect(sink.records.map(formatMessage)).toEqual([
      "The log sink broken failed and gets no more records: no",
      "one",
      "two",
    ]);
  });
});

describe("redaction by value", () => {
  const redactor = createRedactor({ secrets: ["s3cret", "12345", "a b/c", 'q"q"q', "ab"] });
  const sink = memorySink();
  const logger = createLogger({ name: "x", sinks: [sink], redactor });

  it("removes secrets from every field, in every form", () => {
    logger.info("%s s3cret %s", {
      args: ["s3crets", { token: ["a b/c", 12345n, 12345] }],
      s3cret: 1,
      url: "u=a%20b%2Fc",
    });
    logger.info("json", { body: JSON.stringify({ p: 'q"q"q' }), error: new Error("s3cret") });
    const text = JSON.stringify(sink.records, (_key, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    for (const secret of ["s3cret", "12345", "a b/c", "a%20b", "q\\\\"]) expect(text).not.toContain(secret);
    expect(text).toContain("[redacted]");
  });

  it("removes a secret that only the formatted message holds", () => {
    logger.info("%s%s", { args: ["s3c", "ret"] });
    expect(formatMessage(sink.records.at(-1) ?? {})).toBe("[redacted]");
  });

  it("leaves records without secrets untouched, and short secrets alone", () => {
    const args = ["ab", { k: [1] }];
    logger.info("m", { args });
    expect(sink.records.at(-1)?.args).toBe(args);
  });

  it("cleans errors with their causes and fields", () => {
    const error = Object.assign(new Error("s3cret", { cause: new Error("12345") }), { stdout: "x s3cret" });
    expect(redactor.error(error)).toMatchObject({ message: "[redacted]", stdout: "x [redacted]" });
    expect(`${error.stack} ${(error.cause as Error).message}`).not.toMatch(/s3cret|12345/);
  });
});

describe("large messages", () => {
  it("are split into parts of 50000 characters (log case 38)", () => {
    const sink = memorySink();
    const logger = createLogger({ name: "x", sinks: [sink] });
    logLargeMessage("😀".repeat(100_001), { logger, levelno: 20 });
    const prefixes = sink.records.map((record) => formatMessage(record).slice(0, 6));
    expect(prefixes).toEqual(["[1/3] ", "[2/3] ", "[3/3] "]);
    logLargeMessage("x".repeat(50_000), { logger, levelno: 20 });
    expect(formatMessage(sink.records.at(-1) ?? {})).toBe("x".repeat(50_000));
    logLargeMessage("", { logger, levelno: 20 });
    expect(formatMessage(sink.records.at(-1) ?? {})).toBe("");
  });
});
