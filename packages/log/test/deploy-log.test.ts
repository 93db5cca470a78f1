import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followIn, overLines, runCommand } from "./run-command.ts";

const T = "1444873813.116016";
const WARN = `{"name":"deploy","msg":"warn %d of %s","args":[3,"x"],"levelno":30,"created":${T},"host":"d1"}`;

function line(fields: string): string {
  return `{"created":${T},"host":"d1",${fields}}`;
}

async function shown(fields: string, expression = ""): Promise<string> {
  return (await overLines([line(fields)], { expression })).stdout;
}

describe("deploy-log over a file", () => {
  it("shows time, host and message (log case 1)", async () => {
    expect(await overLines([WARN])).toEqual({ status: 0, stdout: "01:50:13 [d1] warn 3 of x\n", stderr: "" });
  });

  it("hides DEBUG records without -v (log case 2) or a criterion on levelno (log case 3)", async () => {
    const debug = WARN.replace('"levelno":30', '"levelno":10');
    expect((await overLines([debug])).stdout).toBe("");
    expect((await overLines([debug], { verbose: true })).stdout).toContain("warn 3 of x");
    expect((await overLines([debug], { expression: "levelno >= DEBUG" })).stdout).toContain("warn 3 of x");
    expect((await overLines([WARN], { verbose: true, expression: "levelno > 30" })).stdout).toBe("");
  });

  it.each([
    [4, '"msg":"float %s int %s","args":[1.0,1]', "float 1.0 int 1"],
    [5, '"msg":"big %d","args":[12345678901234567890]', "big 12345678901234567890"],
    [6, '"msg":"pct 100%","args":[]', "pct 100%"],
    [7, '"msg":"nan %s","args":[NaN]', "nan nan"],
    [8, '"msg":"m %(a)s","args":{"a":1}', "m 1"],
    [9, '"msg":"m %(a)s","args":[{"a":1}]', "m 1"],
    [10, '"msg":{"a":1},"args":[]', "{'a': 1}"],
    [11, '"msg":null', "None"],
    [12, '"msg":"exc","exc_text":"Traceback\\nValueError: x"', "exc\nTraceback\nValueError: x"],
    [16, '"msg":"%s %s","args":["only one"]', "%s %s ['only one']"],
  ])("formats the message (log case %d): %s", async (_case, fields, expected) => {
    expect(await shown(fields)).toBe(`01:50:13 [d1] ${expected}\n`);
  });

  it.each([
    ['"msg":"exc\\n","exc_text":"Traceback"', "exc\nTraceback"],
    ['"msg":"m","exc_text":false', "m"],
    ['"msg":"m","exc_text":[]', "m"],
    ['"msg":"m","exc_text":["x"]', "m\n['x']"],
    ['"msg":"m","exc_info":true', "m"],
    ['"msg":"%s","args":{}', "%s"],
    ['"msg":"%s-%s","args":"ab"', "a-b"],
    ['"msg":"%(a)s","args":{"b":1}', "%(a)s {'b': 1}"],
    ['"msg":-0.0', "-0.0"],
    ['"msg":""', ""],
  ])("shows %s as %j", async (fields, expected) => {
    expect(await shown(fields)).toBe(`01:50:13 [d1] ${expected}\n`);
  });

  it("shows a missing host as - and a null host as None (log W4)", async () => {
    const lines = [`{"msg":"a","created":${T}}`, `{"msg":"b","created":${T},"host":null}`];
    expect((await overLines(lines)).stdout).toBe("01:50:13 [-] a\n01:50:13 [None] b\n");
  });

  it("shows the diff of a config_diff record without a prefix, and a note when its text is missing", async () => {
    expect(await shown('"type":"config_diff","msg":"{type}","output":"-a\\n+b\\n"')).toBe("-a\n+b\n");
    expect(await shown('"type":"config_diff","msg":"{type}","output":null')).toContain(
      "does not hold its text",
    );
  });

  it("skips what is no record, and counts it with -v (log cases 14 and 15) (log W2)", async () => {
    const lines = [WARN, "[1]", '{"msg":', '"x"', '{"args":null}', "\u0000\u0000", "", WARN];
    const quiet = await overLines(lines);
    expect(quiet).toMatchObject({ status: 0, stderr: "" });
    expect(quiet.stdout.split("\n")).toHaveLength(3);
    expect((await overLines(lines, { verbose: true })).stderr).toBe("-- 5 lines are no records\n");
  });

  it("ends records at a line feed or a lone carriage return, and drops control characters in front", async () => {
    const { stdout } = await runCommand({ file: "-" }, { stdin: `${WARN}\r${WARN}\r\n\u0007\u0000${WARN}` });
    expect(stdout.split("\n")).toHaveLength(4);
  });

  it("names levels without a name and colours them with code 0 (log case 13)", async () => {
    const odd = line('"msg":"m","levelno":25');
    const { stdout } = await overLines(
      [odd],
      { expression: "levelname == 'Level 25'" },
      { env: { FORCE_COLOR: "" } },
    );
    expect(stdout).toBe("\u001b[0m01:50:13 [d1] m\u001b[0m\n");
  });

  it("colours by level when colour is forced, and not for NO_COLOR on a terminal (log case 28) (log W12)", async () => {
    const forced = await overLines([WARN], {}, { env: { FORCE_COLOR: "" } });
    expect(forced.stdout).toBe("\u001b[33m01:50:13 [d1] warn 3 of x\u001b[0m\n");
    const off = await overLines([WARN], {}, { env: { NO_COLOR: "1" }, isTTY: true });
    expect(off.stdout).toBe("01:50:13 [d1] warn 3 of x\n");
  });

  it("shows control characters in visible form on a terminal and as they are elsewhere (log W13)", async () => {
    const nasty = line('"msg":"a\\u001b[2J\\rb\\tc"');
    const world = { env: { NO_COLOR: "1" }, isTTY: true };
    expect((await overLines([nasty], {}, world)).stdout).toBe("01:50:13 [d1] a\\x1b[2J\\rb\tc\n");
    expect((await overLines([nasty])).stdout).toBe("01:50:13 [d1] a\u001b[2J\rb\tc\n");
  });

  it("prints matching records as they are with --json (log W11)", async () => {
    const odd = `{ "levelno": 30, "x": 1.50, "msg":"\\u00e9" }`;
    expect((await overLines([odd], { json: true })).stdout).toBe(`${odd}\n`);
  });

  it("selects by time, host and stage", async () => {
    const lines = [1, 2, 3].map(
      (n) => `{"msg":"m${n}","created":${1_444_873_800 + n * 60},"host":"web${n}","stage":"s${n}"}`,
    );
    const messages = async (options: Parameters<typeof overLines>[1]): Promise<string[] | null> =>
      (await overLines(lines, options)).stdout.match(/m\d/g);
    expect(await messages({ since: "2015-10-15T01:52:00" })).toEqual(["m2", "m3"]);
    expect(await messages({ since: "1444873860", until: "2015-10-15 01:52Z" })).toEqual(["m1"]);
    expect(await messages({ hosts: ["web1", "*3"] })).toEqual(["m1", "m3"]);
    expect(await messages({ stages: ["s2"] })).toEqual(["m2"]);
    expect(await overLines(lines, { since: "noon" })).toMatchObject({ status: 2 });
  });

  it("counts records by host, level and logger", async () => {
    const remote = line('"name":"target.d1.checks","msg":"x"');
    const { stdout } = await overLines([WARN, WARN, remote], { stats: true });
    expect(stdout).toBe(
      "3 records\n\nBy host\n  3  d1\n\nBy level\n  2  WARNING\n  1  INFO\n\nBy logger\n  2  deploy\n  1  checks\n",
    );
    const json = await overLines([WARN], { stats: true, json: true });
    expect(JSON.parse(json.stdout)).toMatchObject({ records: 1, hosts: { d1: 1 } });
    const one = await overLines([WARN, "no record", line('"msg":"%d","args":["x"]')], {
      stats: true,
      verbose: true,
      expression: "msg == %d",
    });
    expect(one.stdout).toMatch(/^1 record\n/);
    expect(one.stderr).toBe("-- 1 line is no record\n-- 1 message does not fit its arguments\n");
  });

  it("takes SCAP_LOG_LEVEL as a name in any case or a number, and rejects anything else (log W8)", async () => {
    const level = (SCAP_LOG_LEVEL: string): ReturnType<typeof overLines> =>
      overLines([WARN], {}, { env: { SCAP_LOG_LEVEL } });
    expect((await level("Error")).stdout).toBe("");
    expect((await level("30")).stdout).toContain("warn");
    expect(await level("loud")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Unknown log level 'loud'"),
    });
  });

  it("survives records with every field of the wrong type (log W3)", async () => {
    const fields = [
      "name",
      "msg",
      "args",
      "levelno",
      "created",
      "host",
      "exc_text",
      "type",
      "output",
      "filename",
    ];
    const values = ["null", "true", "1.5", '"x"', "[]", "{}", '[{"a":[1]}]', "1e999", "-0"];
    const lines = fields.flatMap((field) => values.map((value) => `{"${field}": ${value}}`));
    for (const json of [false, true]) {
      const run = await overLines(lines, { verbose: true, json, expression: "levelno >= 0" });
      expect(run.status).toBe(0);
    }
    expect((await overLines(lines, { stats: true })).status).toBe(0);
    expect((await overLines(lines, { summary: true })).status).toBe(0);
  });

  it("survives deep nesting, long lines and bytes that are not UTF-8", async () => {
    const deep = `{"msg":"%s","args":[${"[".repeat(10_000)}${"]".repeat(10_000)}]}`;
    const stdin = Buffer.concat([
      Buffer.from(`${deep}\n{"msg":"`),
      Buffer.alloc(100 * 1024 * 1024, "x"),
      Buffer.from(`"}\n${WARN}\n{"created":${T},"host":"d1","msg":"bad `),
      Buffer.from([0xff, 0xc3]),
      Buffer.from(`"}\n{"msg":"half`),
    ]);
    const run = await runCommand({ file: "-", verbose: true }, { stdin });
    expect(run.stdout).toBe("01:50:13 [d1] warn 3 of x\n01:50:13 [d1] bad \uFFFD\uFFFD\n");
    expect(run.stderr).toBe("-- 3 lines are no records\n");
  });
});

describe("deploy-log with files", () => {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "scap-deploy-log-"));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  it("reads the newest file with --latest, and says so when there is none (log W10)", async () => {
    expect(await runCommand({ latest: true }, { cwd })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("no log file"),
    });
    writeLog(cwd, "new.log", "new");
    writeLog(cwd, "old.log", "old");
    utimesSync(join(cwd, "scap/log/old.log"), 1, 1);
    expect((await runCommand({ latest: true }, { cwd })).stdout).toContain("new");
  });

  it("does not write anything, also outside of a repository (log W9)", async () => {
    await runCommand({ latest: true }, { cwd });
    expect(() => statSync(join(cwd, "scap"))).toThrow("ENOENT");
  });

  it("refuses --file together with --latest, missing files and directories (log W10)", async () => {
    expect(await runCommand({ latest: true, file: "x" }, { cwd })).toMatchObject({ status: 2 });
    expect(await runCommand({ file: join(cwd, "no") })).toMatchObject({
      status: 1,
      stderr: `deploy-log: Cannot read ${cwd}/no: no such file\n`,
    });
    expect((await runCommand({ file: cwd })).stderr).toContain("is a directory");
  });

  it("unpacks gzip, and Zstandard where Node.js can", async () => {
    const file = join(cwd, "log");
    writeFileSync(file, gzipSync(`${WARN}\n`));
    expect((await runCommand({ file })).stdout).toContain("warn 3 of x");
    const create = (zlib as { zstdCompressSync?: (data: string) => Buffer }).zstdCompressSync;
    writeFileSync(file, create ? create(WARN) : Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]));
    const zstd = await runCommand({ file });
    expect(zstd.stdout + zstd.stderr).toMatch(
      create ? /warn 3 of x/ : /cannot be read with Node.js .*\n.*zstd -dc/,
    );
  });

  it("shows what a damaged gzip file still gives, and fails", async () => {
    const file = join(cwd, "log.gz");
    const lines = Array.from({ length: 5000 }, (_, at) => `{"msg":"m${at * 7919}","created":${at}}\n`).join(
      "",
    );
    writeFileSync(file, gzipSync(lines).subarray(0, -2000));
    const run = await runCommand({ file });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain("m7919");
  });

  it("finds the same records with and without the search in bytes", async () => {
    const file = join(cwd, "log");
    const hosts = [
      "web1.example.org",
      "web2.example.org",
      "w\\u0065b1.example.org",
      "é\\u00e9web1.example.org",
    ];
    const lines = Array.from({ length: 3000 }, (_, at) => {
      const [host, level] = [hosts[at % 4], [10, 20, 30][at % 3]];
      const nested = at % 5 === 0 ? '"args":[{"levelno":40}],' : "";
      return `{"msg":"m${at}",${nested}"levelno":${level},"host":"${host}","created":1}`;
    });
    writeFileSync(file, lines.join("\n"));
    for (const expression of [
      "host == web1.example.org",
      "levelno >= WARNING host ~ '^web1\\.'",
      "msg ~ m1.*9",
      "msg = m12*",
    ]) {
      const fast = await runCommand({ file, expression });
      const slow = await runCommand({
        file,
        expression: `${expression} created > 0 levelno >= 20`,
        verbose: true,
      });
      expect(fast.stdout.length).toBeGreaterThan(0);
      expect(fast.stdout).toBe(slow.stdout);
    }
  });

  it("follows: shows a half-written record once it is complete (log case 17), and goes on with a newer file (log case 18) (log W1)", async () => {
    const a = writeLog(cwd, "a.log", "one");
    const run = followIn(cwd);
    await run.stdout.until("one");
    const half = record("two");
    appendFileSync(a, half.slice(0, 20));
    appendFileSync(a, half.slice(20));
    await run.stdout.until("two");
    const b = writeLog(cwd, "b.log", "three");
    await run.stdout.until("three");
    expect(await run.stop()).toBe(130);
    expect(run.stdout.text).toBe(
      `-- Opening log file: '${a}'\n00:00:01 [h] one\n00:00:01 [h] two\n-- Opening log file: '${b}'\n00:00:01 [h] three\n`,
    );
  });

  it("follows: waits for a directory that is not there yet", async () => {
    const run = followIn(cwd);
    writeLog(cwd, "a.log", "late");
    await run.stdout.until("late");
    expect(await run.stop()).toBe(130);
  });

  it("follows: survives rotation, truncation and removal", async () => {
    const a = writeLog(cwd, "a.log", "one");
    const run = followIn(cwd);
    await run.stdout.until("one");
    renameSync(a, `${a}.1`);
    writeLog(cwd, "a.log", "two");
    await run.stdout.until("two");
    truncateSync(a);
    appendFileSync(a, record("3"));
    await run.stdout.until("] 3");
    rmSync(join(cwd, "scap"), { recursive: true });
    writeLog(cwd, "c.log", "four");
    await run.stdout.until("four");
    expect(await run.stop()).toBe(130);
  });

  it("follows: comes back to a file where it left it", async () => {
    const a = writeLog(cwd, "a.log", "one");
    const run = followIn(cwd);
    await run.stdout.until("one");
    const b = writeLog(cwd, "b.log", "two");
    await run.stdout.until("two");
    appendFileSync(a, record("three"));
    await run.stdout.until("three");
    expect(await run.stop()).toBe(130);
    expect(run.stdout.text.match(/one/g)).toHaveLength(1);
    expect(run.stdout.text.match(/Opening log file: '[^']*'/g)).toEqual(
      [a, b, a].map((path) => `Opening log file: '${path}'`),
    );
  });
});

function record(message: string): string {
  return `{"msg":"${message}","created":1,"host":"h"}\n`;
}

function writeLog(cwd: string, name: string, message: string): string {
  const directory = join(cwd, "scap", "log");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, name);
  writeFileSync(path, record(message));
  return path;
}
