/** `--stats` and `--summary` as a user types them, compared to the letter. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const BIN = fileURLToPath(new URL("../bin/deploy-log.js", import.meta.url));

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "deploy-log-folds-"));
  mkdirSync(join(cwd, "scap/log"), { recursive: true });
  mkdirSync(join(cwd, "empty/scap/log"), { recursive: true });
});
afterAll(() => rmSync(cwd, { recursive: true }));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function deployLog(args: readonly string[], where = cwd): Outcome {
  const env = { PATH: process.env["PATH"], TZ: "UTC" };
  const run = spawnSync(process.execPath, [BIN, ...args], { cwd: where, env, encoding: "utf8" });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

/** What is printed for a log with this text, without a mistake. */
function shown(text: string | Buffer, ...args: string[]): string {
  writeFileSync(join(cwd, "x.log"), text);
  const { status, stderr, stdout } = deployLog(["-f", "x.log", ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

function lines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

/** A deployment to a canary and two more hosts, the last of which fails. */
function deployment(commit: string, user: string): string {
  const about = { name: "deploy", levelno: 20 };
  const groups = [
    { name: "canary", hosts: ["web1"] },
    { name: "default", hosts: ["web2", "web3"] },
  ];
  const stage = (label: string, host: string, outcome: string, durationMs: number): object[] => {
    const place = { ...about, label, stage: "fetch" };
    const name = `target.${host}.deploy-local`;
    return [
      { ...place, name, host, levelno: outcome === "ok" ? 20 : 40, msg: "fetching" },
      { ...place, event: "stage.host.finished", host, outcome, durationMs },
    ];
  };
  const finished = { ...about, event: "stage.finished", stage: "fetch" };
  return lines([
    {
      ...about,
      event: "deploy.started",
      created: 1,
      repo: "shop/web",
      revision: "HEAD",
      commit,
      user,
      groups,
    },
    ...stage("canary", "web1", "ok", 900),
    { ...finished, label: "canary", durationMs: 1000 },
    ...stage("default", "web2", "ok", 2000),
    ...stage("default", "web3", "failed", 61_000),
    { ...finished, label: "default", durationMs: 61_500 },
    { ...about, event: "deploy.finished", outcome: "failed", durationMs: 65_000 },
  ]);
}

const ONE = deployment("4f2a9c1e0b7d8a6655443322110099ffeeddccbb", "alice");
const TWO = ONE + deployment("0123456789abcdef0123456789abcdef01234567", "bob");
const COUNTS_OF_ONE = `10 records

By host
  4  -
  2  web1
  2  web2
  2  web3

By level
  9  INFO
  1  ERROR

By logger
  7  deploy
  3  deploy-local
`;
const SUMMARY_OF_ONE = `shop/web 4f2a9c1 by alice: failed (01m 05s)

Hosts by state
  ok: 2
  failed: 1 (web3)

Durations by stage
  01m 02s  fetch

Slowest hosts
  01m 01s  web3
  2.0s  web2
  0.9s  web1

Critical path
  1.0s  canary: fetch, slowest: web1
  01m 01s  default: fetch, slowest: web3
`;

describe("deploy-log --stats", () => {
  it("counts the records of a log by host, level and logger", () => {
    expect(shown(ONE, "--stats")).toBe(COUNTS_OF_ONE);
    expect(shown(gzipSync(ONE), "--stats")).toBe(COUNTS_OF_ONE);
  });

  it("counts all deployments of a log together, aligned", () => {
    expect(shown(TWO, "--stats")).toBe(`20 records

By host
  8  -
  4  web1
  4  web2
  4  web3

By level
  18  INFO
   2  ERROR

By logger
  14  deploy
   6  deploy-local
`);
  });

  it("counts only what a filter selects", () => {
    const error = "1 record\n\nBy host\n  1  web3\n\nBy level\n  1  ERROR\n\nBy logger\n  1  deploy-local\n";
    expect(shown(ONE, "--stats", "levelno >= ERROR")).toBe(error);
    expect(shown(ONE, "--stats", "--host", "web3", "levelno == 40")).toBe(error);
    expect(shown(ONE, "--stats", "--host", "db*")).toBe("0 records\n");
  });

  it("prints one JSON object with --json", () => {
    expect(shown(ONE, "--stats", "--json")).toBe(
      '{"records":10,"hosts":{"-":4,"web1":2,"web2":2,"web3":2},"levels":{"INFO":9,"ERROR":1},' +
        '"loggers":{"deploy":7,"deploy-local":3}}\n',
    );
    expect(shown("", "--stats", "--json")).toBe('{"records":0,"hosts":{},"levels":{},"loggers":{}}\n');
  });

  it("has nothing to count in an empty log, nor in one without records", () => {
    expect(shown("", "--stats")).toBe("0 records\n");
    expect(shown("what?\n\n[1]\n", "--stats")).toBe("0 records\n");
  });

  it("counts the whole records of a log that is cut, and says with -v that one is not", () => {
    const cut = ONE.slice(0, ONE.lastIndexOf("deploy.finished"));
    expect(shown(cut, "--stats")).toMatch(/^9 records\n/);
    expect(deployLog(["-f", "x.log", "--stats", "-v"])).toMatchObject({ stderr: "-- 1 line is no record\n" });
  });
});

describe("deploy-log --summary", () => {
  it("sums up the deployment of a log, also of the newest", () => {
    expect(shown(ONE, "--summary")).toBe(SUMMARY_OF_ONE);
    writeFileSync(join(cwd, "scap/log/scap-sync-2031-04-05-0001.log"), ONE);
    expect(deployLog(["-l", "--summary"])).toEqual({ status: 0, stdout: SUMMARY_OF_ONE, stderr: "" });
  });

  it("is about the last of several deployments", () => {
    expect(shown(TWO, "--summary")).toBe(SUMMARY_OF_ONE.replace("4f2a9c1 by alice", "0123456 by bob"));
  });

  it("says of a log that is cut that its deployment is not finished, and which hosts were not started", () => {
    expect(shown(ONE.slice(0, ONE.indexOf('"label":"default"')), "--summary"))
      .toBe(`shop/web 4f2a9c1 by alice: not finished

Hosts by state
  ok: 1
  not started: 2 (web2, web3)

Durations by stage
  1.0s  fetch

Slowest hosts
  0.9s  web1

Critical path
  1.0s  canary: fetch, slowest: web1
`);
  });

  it("says that a log without events has no deployment", () => {
    for (const text of ["", "what?\n", '{"msg":"old","levelno":20}\n', ONE.slice(0, 20)])
      expect(shown(text, "--summary")).toBe("This log holds no deployment events\n");
  });
});

describe("deploy-log with a mistake", () => {
  const together = (names: string, hint: string): Outcome => {
    return { status: 2, stdout: "", stderr: `deploy-log: ${names} cannot be used together\n${hint}\n` };
  };
  const whole = together(
    "--summary and a filter",
    "A summary is about a whole deployment; leave one of them out.",
  );
  it.each([
    [["--stats", "--summary"], together("--stats and --summary", "Ask for one of them.")],
    [
      ["--json", "--summary"],
      together("--json and --summary", "--json prints records; leave one of them out."),
    ],
    [["--summary", "host == web1"], whole],
    [["--summary", "--host", "web1"], whole],
    [["--summary", "--stage", "fetch"], whole],
    [["--summary", "--since", "1h"], whole],
    [["--summary", "--until", "1h"], whole],
    [["-l", "--stats"], together("--file and --latest", "Name a file, or take the newest one.")],
  ])("%j says what cannot be, and prints nothing", (args, expected) => {
    writeFileSync(join(cwd, "x.log"), ONE);
    expect(deployLog(["-f", "x.log", ...args])).toEqual(expected);
  });

  it.each(["--stats", "--summary"])("%s says which log it cannot read", (fold) => {
    expect(deployLog(["-f", "none.log", fold])).toEqual({
      ...{ status: 1, stdout: "" },
      stderr: "deploy-log: Cannot read none.log: no such file\n",
    });
    expect(deployLog(["-f", "scap", fold])).toMatchObject({
      status: 1,
      stderr: "deploy-log: Cannot read scap: it is a directory\n",
    });
    writeFileSync(join(cwd, "cut.log.gz"), gzipSync(ONE.repeat(100)).subarray(0, 300));
    expect(deployLog(["-f", "cut.log.gz", fold])).toMatchObject({
      ...{ status: 1, stdout: "" },
      stderr: expect.stringMatching(/^deploy-log: Cannot read cut\.log\.gz: .+\n$/),
    });
    const where = join(cwd, "empty");
    expect(deployLog(["-l", fold], where)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`There is no log file in ${join(where, "scap/log")}\n`),
    });
  });
});
