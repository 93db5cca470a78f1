import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checksFromDefinitions, runChecks, type ChecksResult, type RunChecksOptions } from "../src/index.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-checks-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function run(
  definitions: Record<string, Record<string, unknown>>,
  options: Partial<RunChecksOptions> = {},
): Promise<ChecksResult> {
  const { checks } = checksFromDefinitions(definitions);
  return runChecks({ checks, cwd: directory, ...options });
}

async function runOne(definition: Record<string, unknown>, options: Partial<RunChecksOptions> = {}) {
  const { results } = await run({ only: definition }, options);
  const [result] = results;
  if (!result) throw new Error("expected a result");
  return result;
}

/** Command lines of the processes that contain a marker. */
function processesWith(marker: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return ""; // It has ended meanwhile.
      }
    })
    .filter((command) => command.includes(marker));
}

test("an empty list succeeds (case 28)", async () => {
  expect(await run({})).toEqual({
    isSuccess: true,
    exitStatus: 0,
    results: [],
    summary: "0 of 0 checks passed",
  });
});

test("captures the output (case 13)", async () => {
  expect(await runOne({ command: "echo hi" })).toMatchObject({
    status: "passed",
    exitCode: 0,
    output: "hi\n",
  });
});

test("a failed check does not stop the others (case 14) (checks W20)", async () => {
  const result = await run({ a: { command: "false" }, b: { command: "echo second" } });
  expect(result).toMatchObject({ isSuccess: false, exitStatus: 1 });
  expect(result.results.map(({ output }) => output)).toEqual(["", "second\n"]);
  expect(result.summary).toMatch(/^1 of 2 checks passed; a failed \(exit status 1\) after \d\.\ds$/);
});

test("standard output and standard error come in one text, in order (case 15)", async () => {
  const command = "sh -c 'echo out; echo err >&2; echo more; exit 3'";
  expect(await runOne({ command })).toMatchObject({
    status: "failed",
    exitCode: 3,
    output: "out\nerr\nmore\n",
  });
});

test("a command is not given to a shell unless that is wanted (case 16)", async () => {
  const command = "echo $HOME | cat";
  expect((await runOne({ command })).output).toBe("$HOME | cat\n");
  expect((await runOne({ command, shell: true }, { env: { HOME: "/h" } })).output).toBe("/h\n");
});

test("words are split like a shell does (case 17)", async () => {
  expect((await runOne({ command: 'echo \'a b\' "c\\"d" e\\ f #x' })).output).toBe('a b c"d e f #x\n');
});

test("a check that hangs is ended at its timeout and the next one runs (case 18)", async () => {
  const result = await run({ a: { command: "sleep 30", timeout: 0.3 }, b: { command: "echo next" } });
  expect(result.exitStatus).toBe(2);
  expect(result.results.map(({ name, status }) => [name, status])).toEqual([
    ["a", "timed-out"],
    ["b", "passed"],
  ]);
  expect(result.results[0]?.durationMs).toBeLessThan(20_000);
});

test("a failure counts more than a timeout (case 19)", async () => {
  const result = await run({ a: { command: "sleep 5", timeout: 0.2 }, b: { command: "false" } });
  expect(result.exitStatus).toBe(1);
});

test("a timeout ends the whole process group and keeps the output (case 21) (checks W6) (checks W12)", async () => {
  const result = await runOne({ command: "sh -c 'echo begun; sleep 41.5; echo done'", timeout: 2 });
  expect(result).toMatchObject({ status: "timed-out", output: "begun\n" });
  expect(result.durationMs).toBeLessThan(30_000);
  expect(processesWith("sleep\u000041.5")).toEqual([]);
});

test("what ignores SIGTERM is killed when the program itself has ended", async () => {
  const command = "(trap '' TERM; exec sleep 42.5) & sleep 42.25";
  const result = await runOne({ command, shell: true, timeout: 2 });
  expect(result.status).toBe("timed-out");
  expect(processesWith("42.5")).toEqual([]);
});

test("a background process that keeps the output open does not matter (case 22) (checks W7)", async () => {
  const result = await runOne({ command: "sh -c 'sleep 30 & echo started; exit 0'", timeout: 60 });
  expect(result).toMatchObject({ status: "passed", output: "started\n" });
  expect(result.durationMs).toBeLessThan(20_000);
});

test("a check may close its output early (case 23) (checks W10)", async () => {
  expect((await runOne({ command: "sh -c 'exec >&- 2>&-; sleep 0.2'" })).status).toBe("passed");
});

test("death by a signal is a failure (case 24)", async () => {
  expect(await runOne({ command: "sh -c 'kill -9 $$'" })).toMatchObject({
    status: "failed",
    reason: "killed by SIGKILL",
  });
});

test("output that is not UTF-8 is shown with replacement characters (case 25) (checks W8)", async () => {
  expect((await runOne({ command: "printf '\\377\\n'" })).output).toBe("\uFFFD\n");
});

test.each([
  ["/no/such/cmd", "cannot run /no/such/cmd: there is no such file"],
  ["no-such-cmd", 'cannot run "no-such-cmd": there is no such program in PATH'],
  ["'open", "cannot be split into words"],
])("%s fails with a clear reason and the next check runs (case 26) (checks W5)", async (command, reason) => {
  const result = await run({ a: { command }, b: { command: "echo x" } });
  expect(result.exitStatus).toBe(1);
  expect(result.results[0]?.reason).toContain(reason);
  expect(result.results[1]?.output).toBe("x\n");
});

test("at most as many checks run together as wanted (case 20)", async () => {
  const checks = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { command: "sleep 0.2" }]));
  const started = performance.now();
  const { results } = await run(checks, { concurrency: 2 });
  const duration = performance.now() - started;
  expect(duration).toBeGreaterThan(395);
  const starts = results.map(({ startedAt }) => startedAt.getTime()).toSorted((a, b) => a - b);
  expect((starts[2] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(150);
});

test("parallel neighbours run together, others alone (checks W14)", async () => {
  const marker = join(directory, "marker");
  const waitForMarker = `while ! [ -e ${marker} ]; do sleep 0.02; done`;
  const result = await run({
    waits: { command: waitForMarker, shell: true, parallel: true, timeout: 60 },
    makes: { command: `touch ${marker}`, parallel: true },
    last: { command: "echo last" },
  });
  expect(result.isSuccess).toBe(true);
  const names = result.results.map(({ name }) => name);
  expect([names.slice(0, 2).toSorted(), names.at(-1)]).toEqual([["makes", "waits"], "last"]);
});

test("variables without a value are removed, and the SSH agent too unless it is wanted (case 27) (checks W19)", async () => {
  const baseEnv = { PATH: process.env["PATH"], SCAP_DONE_REV_DIR: "/old", SSH_AUTH_SOCK: "/agent" };
  const env = { SCAP_DONE_REV_DIR: undefined, SCAP_REVS_DIR: "/revs", SCAP_EMPTY: "" };
  const { output } = await runOne({ command: "env" }, { baseEnv, env });
  expect(output).toContain("SCAP_REVS_DIR=/revs\n");
  expect(output).not.toMatch(/SCAP_DONE_REV_DIR|SSH_AUTH_SOCK|SCAP_EMPTY/);
  const kept = await runOne({ command: "env", keep_agent: true }, { baseEnv, env });
  expect(kept.output).toContain("SSH_AUTH_SOCK=/agent");
});

test("runs in the given directory with empty standard input (checks W18)", async () => {
  expect((await runOne({ command: "sh -c 'pwd; cat'" })).output).toBe(`${directory}\n`);
});

test("a failed check is tried again as often as wanted (checks W21)", async () => {
  const counter = join(directory, "counter");
  const command = `echo x >> ${counter}; [ $(wc -l < ${counter}) -ge 3 ]`;
  expect(await runOne({ command, shell: true, retries: 2 })).toMatchObject({ status: "passed", attempts: 3 });
});

test("an abort ends the running check and rejects (checks W9)", async () => {
  const controller = new AbortController();
  const logger = { info: () => controller.abort(new Error("stopped")), debug: () => {}, warning: () => {} };
  await expect(run({ a: { command: "sleep 43.5" } }, { signal: controller.signal, logger })).rejects.toThrow(
    "stopped",
  );
  expect(processesWith("43.5")).toEqual([]);
});

test("a logger that fails ends all running checks, and its error is the one that is told (checks W9)", async () => {
  let started = 0;
  const logger = {
    info: () => {
      started += 1;
      if (started === 3) throw new Error("no log");
    },
    debug: () => {},
    warning: () => {},
  };
  const checks = {
    a: { command: "sleep 44.5", parallel: true },
    b: { command: "sleep 44.25", parallel: true },
    c: { command: "sleep 44.75", parallel: true },
  };
  await expect(run(checks, { logger })).rejects.toThrow("no log");
  expect(processesWith("sleep\u000044.")).toEqual([]);
});

test("writes start, success, failure and timeout at their levels", async () => {
  const records: string[] = [];
  const logger = {
    info: (text: string) => records.push(`INFO ${text}`),
    debug: (text: string) => records.push(`DEBUG ${text}`),
    warning: (text: string) => records.push(`WARNING ${text}`),
  };
  await run(
    {
      a: { command: "echo hi" },
      b: { command: "sh -c 'echo no; false'" },
      c: { command: "sleep 9", timeout: 0.1 },
    },
    { logger },
  );
  expect(records).toEqual([
    'INFO Executing check "a"',
    "DEBUG a: hi",
    'DEBUG Check "a" succeeded, output:\nhi\n',
    'INFO Executing check "b"',
    "DEBUG b: no",
    'WARNING Check "b" failed (exit status 1), output:\nno\n',
    'INFO Executing check "c"',
    'WARNING Check "c" exceeded its timeout of 0.1 seconds, output:\n',
  ]);
});

test("logs the first thousand lines of a check that went wild, and counts the others (checks W11)", async () => {
  const lines: string[] = [];
  const logger = { info: () => {}, debug: (text: string) => lines.push(text), warning: () => {} };
  await run({ a: { command: "yes | head -n 200000", shell: true } }, { logger });
  const streamed = lines.filter((line) => !line.includes("succeeded"));
  expect(streamed).toHaveLength(1001);
  expect(streamed.slice(-2)).toEqual(["a: y", "a: [199000 further lines left out]"]);
});

test("scripts are found by name, run with arguments and without splitting their path (case 36) (checks W17)", async () => {
  const scripts = join(directory, "scap scripts");
  mkdirSync(join(scripts, "dir.sh"), { recursive: true });
  writeFileSync(join(scripts, "a.sh"), '#!/bin/sh\necho "a:$*"\n', { mode: 0o755 });
  writeFileSync(join(scripts, "b.sh"), "#!/bin/sh\n", { mode: 0o644 });
  chmodSync(join(scripts, "b.sh"), 0o644);
  symlinkSync("a.sh", join(scripts, "link.sh"));
  symlinkSync("nowhere", join(scripts, "dangling.sh"));
  const options = { scriptsDir: scripts };
  expect((await runOne({ type: "script", command: "a.sh" }, options)).output).toBe("a:\n");
  expect((await runOne({ type: "script", command: "link.sh --fast 'x y'" }, options)).output).toBe(
    "a:--fast x y\n",
  );
  for (const name of ["b.sh", "dangling.sh", "dir.sh", "../a.sh"]) {
    await expect(runOne({ type: "script", command: name }, options)).rejects.toThrow(
      `there is no executable script "${name}" in scap/scripts`,
    );
  }
});

test("one invalid check keeps all from running (case 33)", async () => {
  const marker = join(directory, "never");
  const attempt = run({
    x: { command: `touch ${marker}` },
    y: { type: "script", command: "missing" },
    z: { type: "nope", command: "x" },
  });
  await expect(attempt).rejects.toThrow(/check "y": .*\n.*check "z": unknown type "nope"/);
  expect(() => readFileSync(marker)).toThrow("ENOENT");
});

test("NRPE commands come from the configured directory", async () => {
  const nrpeDir = join(directory, "nrpe.d");
  mkdirSync(nrpeDir, { recursive: true });
  writeFileSync(join(nrpeDir, "x.cfg"), "command[check_x]=echo 'from nrpe'\n");
  expect((await runOne({ type: "nrpe", command: "check_x" }, { nrpeDir })).output).toBe("from nrpe\n");
  await expect(runOne({ type: "nrpe", command: "check_y" }, { nrpeDir })).rejects.toThrow('"check_y"');
});

test("http checks compare status, header, body and latency", async () => {
  const server = createServer((request, response) => {
    if (request.url === "/slow") return;
    response.writeHead(request.url === "/ok" ? 200 : 503, { "x-version": "r12" });
    response.end("all systems nominal");
  });
  const socket = join(directory, "http.sock");
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  try {
    const base = { type: "http", unix_socket: socket };
    const good = { ...base, url: "http://localhost/ok", body: "nominal", headers: { "X-Version": "r12" } };
    expect((await runOne(good)).status).toBe("passed");
    expect((await runOne({ ...base, url: "http://localhost/bad" })).reason).toBe("status 503 instead of 200");
    expect((await runOne({ ...base, url: "http://localhost/bad", status: [200, 503] })).status).toBe(
      "passed",
    );
    expect((await runOne({ ...good, body_regex: "^critical" })).reason).toContain("does not match");
    expect((await runOne({ ...good, headers: { "X-Version": "r13" } })).reason).toContain('lacks "r13"');
    expect((await runOne({ ...good, max_latency: 0.000001 })).reason).toContain("instead of at most");
    const slow = await runOne({ ...base, url: "http://localhost/slow", timeout: 0.2 });
    expect(slow).toMatchObject({ status: "timed-out", reason: "timed out after 0.2 seconds" });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect((await runOne({ type: "http", url: "http://localhost/", unix_socket: socket })).reason).toContain(
    "cannot ask",
  );
});

test("tcp checks connect", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => {
    server.once("listening", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  expect((await runOne({ type: "tcp", port })).status).toBe("passed");
  server.close();
  expect((await runOne({ type: "tcp", port })).reason).toContain(`cannot connect to 127.0.0.1:${port}`);
});

test("service checks ask the systemctl that stands first in PATH", async () => {
  const bin = join(directory, "bin");
  mkdirSync(bin, { recursive: true });
  const script = '#!/bin/sh\ncase "$2" in web) echo active;; *) echo failed; exit 3;; esac\n';
  writeFileSync(join(bin, "systemctl"), script, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env["PATH"]}` };
  expect((await runOne({ type: "service", service: "web" }, { env })).status).toBe("passed");
  expect((await runOne({ type: "service", service: "db" }, { env })).reason).toBe("service db is failed");
});
