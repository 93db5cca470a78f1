import { formatMessage, type LogRecord, PythonFloat } from "@scap/log";
import { describe, expect, it } from "vitest";
import { RecordRelay, type RecordRelayOptions } from "./record-relay.ts";

interface Relayed {
  readonly records: LogRecord[];
  readonly messages: string[];
  readonly output: string;
  readonly pending: string;
}

function relay(chunks: readonly (string | Uint8Array)[], options: Partial<RecordRelayOptions> = {}): Relayed {
  const records: LogRecord[] = [];
  let output = "";
  const onRecord = (record: LogRecord): void => void records.push(record);
  const onText = (text: string): void => void (output += text);
  const one = new RecordRelay({ host: "h1.example", now: () => 99, onRecord, onText, ...options });
  for (const chunk of chunks) one.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  const { pending } = one;
  one.end();
  return { records, messages: records.map(formatMessage), output, pending };
}

describe("RecordRelay (cases of the specification)", () => {
  it("18: takes a record over, with the host that it ran on", () => {
    const line = `{"name":"deploy-local","levelno":30,"msg":"a %s","args":["b"],"created":12.5,"foo":"bar","ms":2.0,"host":"other","filename":"x.py","lineno":7}\n`;
    const { records, messages, output } = relay([line]);
    expect(records).toEqual([
      expect.objectContaining({
        name: "target.h1.example.deploy-local",
        levelno: 30,
        created: 12.5,
        foo: "bar",
        ms: new PythonFloat(2),
        host: "h1.example",
        filename: "x.py",
        lineno: 7,
        relayed: true,
        received: 99,
      }),
    ]);
    expect(messages).toEqual(["a b"]);
    expect(output).toBe("a b\n");
  });

  it("19: joins a record that comes in two pieces, and gives it the defaults", () => {
    const { records, output } = relay([`{"msg":"he`, `llo"}\n`]);
    expect(records).toMatchObject([{ name: "target.h1.example.", levelno: 20, msg: "hello" }]);
    expect(output).toBe("hello\n");
  });

  it("20: keeps a partial line until it is complete", () => {
    expect(relay(["plain\n", "x"])).toMatchObject({ records: [], output: "plain\nx", pending: "x" });
  });

  it.each([
    [21, "{broken\n", [], "{broken\n"],
    [22, "{}\n", [""], "\n"],
    [23, ` {"msg":"x"}\n`, [], ` {"msg":"x"}\n`],
    [24, `{"msg":"x"} trailing\n`, [], `{"msg":"x"} trailing\n`],
    [25, `{"msg":"x"}\r\n`, ["x"], "x\n"],
    [26, `{"msg":"100%","args":[]}\n`, ["100%"], "100%\n"],
    [27, `{"msg":"%(a)s","args":[{"a":"dict"}]}\n`, ["dict"], "dict\n"],
    [28, `{"msg":"x","args":5}\n`, [], `{"msg":"x","args":5}\n`],
    [29, `{"msg":5}\n`, ["5"], "5\n"],
    [30, `{"msg":"x\\ny"}\n`, ["x\ny"], "x\ny\n"],
    [31, `{"msg":"x","args":["too","many"]}\n`, ["x ['too', 'many']"], "x ['too', 'many']\n"],
    ["arrays", "[1]\n", [], "[1]\n"],
    ["level", `{"msg":"x","levelno":"high"}\n`, [], `{"msg":"x","levelno":"high"}\n`],
    ["bell", `\u0007{"msg":"x"}\n`, ["x"], "x\n"],
  ])("%s: %j (ssh W1)", (_case, line, messages, output) => {
    expect(relay([line])).toMatchObject({ messages, output });
  });

  it("32: joins a character that is split between two reads (log W15)", () => {
    expect(relay([Buffer.from([0x61, 0xc3]), Buffer.from([0xa9, 0x0a])]).output).toBe("aé\n");
  });

  it("33: replaces bytes that are no text and goes on (ssh W1)", () => {
    expect(relay([Buffer.from([0xff, 0x0a]), "on\n"]).output).toBe("\ufffd\non\n");
  });

  it("takes a mixed stream, and flushes its last line (log case 39) (ssh W2)", () => {
    const line = `{"name":"deploy-local","msg":"hi %s","args":["x"],"levelno":20,"host":"liar"}`;
    const { records, output } = relay([`plain\n${line}\n{bad}\npart`, "ial\nend"]);
    expect(records).toMatchObject([{ name: "target.h1.example.deploy-local", host: "h1.example" }]);
    expect(output).toBe("plain\nhi x\n{bad}\npartial\nend");
  });

  it("takes a record without line feed at the end of the stream (log W17)", () => {
    expect(relay([`{"msg":"the reason"}`])).toMatchObject({
      messages: ["the reason"],
      output: "the reason\n",
    });
  });
});

describe("RecordRelay", () => {
  it("puts the log context of the job in front of the name", () => {
    expect(relay([`{"name":"x"}\n`], { context: "sync_common" }).records).toMatchObject([
      { name: "sync_common.target.h1.example.x" },
    ]);
  });

  it("does not let a target choose where a record comes from, nor send endless fields (log W14) (log W16) (ssh W17)", () => {
    const extras = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`e${index}`, "x".repeat(100_000)]),
    );
    const forged = {
      msg: "m",
      relayed: false,
      received: 1,
      host: "h2",
      nested: { a: 1 },
      "bad key": 1,
      ...extras,
    };
    const record = relay([`${JSON.stringify(forged)}\n`], { longestLine: 2 ** 30 }).records[0] ?? {};
    expect(record).toMatchObject({ relayed: true, received: 99, host: "h1.example" });
    expect(record).not.toHaveProperty("nested");
    expect(record).not.toHaveProperty(["bad key"]);
    expect(Object.keys(record).filter((key) => /^e\d/.test(key))).toHaveLength(32);
    expect(JSON.stringify(record).length).toBeLessThan(33 * 65_536);
  });

  it("takes a line above the limit as plain text, without holding all of it (log W14)", () => {
    const chunks = [`{"msg":"`, ..."x".repeat(50).split(""), `"}\n`, `{"msg":"next"}\n`];
    const { messages, output } = relay(chunks, { longestLine: 20 });
    expect(messages).toEqual(["next"]);
    expect(output).toContain(`{"msg":"xxx`);
  });
});
