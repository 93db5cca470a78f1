import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountName } from "@scap/config";
import { loginAccount } from "@scap/git";
import { type Lab, startEmbeddedLab } from "@scap/lab";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Outcome, type RunWorld, scapRun } from "./scap-run.ts";

let lab: Lab;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-run-"));
  lab = await startEmbeddedLab({ hosts: 12 });
  await lab.host("web2").exec(["touch", "broken"]);
  for (const [index, host] of lab.hosts.entries()) {
    await host.exec(["sh", "-c", `echo ${(index + 1) % 3} > number`]);
  }
});
afterAll(async () => {
  await lab.close();
  await rm(root, { recursive: true });
});

const runAt = (world: Partial<RunWorld>, ...argv: string[]): Promise<Outcome> =>
  scapRun({ cwd: root, env: lab.env, ...world }, ...argv);
const run = (...argv: string[]): Promise<Outcome> => runAt({}, ...argv, "--yes");

const FAILS_ON_WEB2 = "test ! -e broken || exit 3";

test("16: equal answers are shown once, with the folded set", async () => {
  const { status, stdout } = await run("web[1-5]", "echo hi");
  expect([status, stdout]).toEqual([0, "===== (5) web[1-5] =====\nhi\n"]);
});

test("--merge-output shows standard error where it came", async () => {
  const { stdout } = await run("web[1-2]", "echo a; ls nothing; echo c", "--merge-output");
  expect(stdout).toMatch(/^===== \(2\) web\[1-2\] =====\na\nls: .*nothing.*\nc\n$/);
});

test.each([
  [[], 1],
  [["-p", "60"], 3],
  [["-p", "60", "--ok-partial"], 0],
  [["-x"], 0],
  [["--ok-codes", "0,3"], 0],
  [["--ok-codes", "3"], 1],
])(
  "17, 18: a host that exits with 3, with %j: exit status %i (query W7) (query W8)",
  async (options, expected) => {
    expect(await run("web[1-5]", FAILS_ON_WEB2, ...options)).toMatchObject({ status: expected });
  },
);

test.each(["lockstep", "sync", "independent", "async"])(
  "19, 20: %s: a host that fails gets no further command (query W9)",
  async (mode) => {
    const { status, stdout } = await run(
      "web[1-5]",
      FAILS_ON_WEB2,
      "echo b",
      "-p",
      "50",
      "-m",
      mode,
      "--json",
    );
    const { results, verdict } = JSON.parse(stdout);
    expect(status).toBe(3);
    expect(verdict.failed).toEqual({ "exit 3": ["web2"] });
    const second = results.filter(({ command }: { command: string }) => command === "echo b");
    expect(second.map(({ host }: { host: string }) => host)).toEqual(["web1", "web3", "web4", "web5"]);
    expect(new Set(second.map(({ stdout: text }: { stdout: string }) => text))).toEqual(new Set(["b\n"]));
  },
);

test("many hosts on their own are no reason for a warning of Node", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  const { status } = await run("web[1-12]", "echo a", "echo b", "-m", "independent", "-s", "0.01");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", note);
  expect([status, warnings]).toEqual([0, []]);
});

test("in lockstep, a command that is below the threshold is the last", async () => {
  const { status, stdout } = await run("web[1-5]", FAILS_ON_WEB2, "echo b");
  expect(status).toBe(1);
  expect(stdout).not.toContain("echo b");
});

test("21: below the threshold no further host is started, and the rest is listed", async () => {
  const { status, stderr } = await run("web[1-5]", FAILS_ON_WEB2, "-b", "1");
  expect(status).toBe(1);
  expect(stderr).toContain("exit 3: 20.0% (1/5) web2\nnot started: 60.0% (3/5) web[3-5]\n");
  expect(stderr).toContain("succeeded: 20.0% (1/5), below the threshold\n");
});

test("22: the pause comes before a host is started, and never after the last (query W13)", async () => {
  const tookMs = async (hosts: string): Promise<number> => {
    const { stdout } = await run(hosts, "date +%s%N", "-b", "1", "-s", "0.6", "--json");
    const times = JSON.parse(stdout).results.map((each: { stdout: string }) => Number(each.stdout) / 1e6);
    return Math.max(...times) - Math.min(...times);
  };
  expect(await tookMs("web[1-3]")).toBeGreaterThanOrEqual(1150);
  const startedAt = performance.now();
  await run("web1", "true", "-b", "1", "-s", "600");
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});

test("35: Ctrl-C does not wait for a pause", async () => {
  for (const mode of ["lockstep", "independent"]) {
    const onPrint = interruptOn("web1: done");
    const argv = ["web[1-3]", "echo done", "-b", "1", "-s", "600", "-m", mode, "--stream", "--yes"];
    const { status, stderr } = await runAt({ onPrint }, ...argv);
    expect(status).toBe(130);
    expect(stderr).toContain("not started: 66.7% (2/3) web[2-3]\n");
  }
});

test.each(["lockstep", "independent"])(
  "%s: unreachable hosts have a limit of their own and do not count as failed within it",
  async (mode) => {
    await lab.host("web4").killServer();
    const runWith = (...argv: string[]): Promise<Outcome> =>
      run("web[1-5]", FAILS_ON_WEB2, "-b", "1", "-m", mode, "--no-progress", ...argv);
    const failing = await runWith("--max-unreachable", "1");
    const within = await runWith("--max-unreachable", "20%", "-p", "75");
    const beyond = await runWith("--max-unreachable", "0", "-p", "75");
    await lab.host("web4").startServer();
    expect(failing).toMatchObject({ status: 1, stderr: expect.stringContaining("not started: 60.0% (3/5)") });
    expect(within).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("unreachable: 20.0% (1/5) web4"),
    });
    expect(beyond).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("not started: 20.0% (1/5) web5"),
    });
  },
);

test("23: a host that exceeds its time limit is timed-out, and nothing is left on it (query W17)", async () => {
  const { status, stderr } = await run("web[1-3]", "test ! -e broken || sleep 300", "-t", "1");
  expect(status).toBe(1);
  expect(stderr).toContain("timed-out: 33.3% (1/3) web2");
  await expect.poll(() => running("web2", "sleep 300"), { timeout: 3000 }).toBe(0);
});

test.each(["lockstep", "independent"])(
  "24: %s: when the whole run is out of time, hosts at work and hosts not started are told apart (query W17)",
  async (mode) => {
    const { status, stderr } = await run(
      "web[1-5]",
      "sleep 0.8",
      "-b",
      "1",
      "--global-timeout",
      "1.2",
      "-m",
      mode,
    );
    expect(status).toBe(1);
    expect(stderr).toContain("timed-out: 20.0% (1/5) web2");
    expect(stderr).toContain("not started: 60.0% (3/5) web[3-5]");
  },
);

test("25: a host that cannot be reached is unreachable, says why, and disturbs nobody (query W15)", async () => {
  await lab.host("web4").killServer();
  const { status, stdout, stderr } = await run("web[1-5]", "echo up");
  await lab.host("web4").startServer();
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^===== \(4\) web\[1-3,5\] =====\nup\n===== \(1\) web4, unreachable =====\nCannot connect to web4 .*connection refused/,
  );
  expect(stderr).toContain("unreachable: 20.0% (1/5) web4");
});

test("26: output that is no text arrives as base64, and as replacement characters for people (query W11)", async () => {
  const { stdout } = await run("web1", String.raw`printf '\377\376'`, "--json");
  expect(JSON.parse(stdout).results).toMatchObject([{ host: "web1", stdoutBase64: "//4=" }]);
  expect((await run("web1", String.raw`printf '\377\376'`)).stdout).toContain("\n\ufffd\ufffd\n");
});

test("27: hosts that say the same but end differently are two groups (query W10)", async () => {
  const { stdout } = await run("web[1-2]", "echo x; test ! -e broken");
  expect(stdout).toBe("===== (1) web1 =====\nx\n===== (1) web2, exit 1 =====\nx\n");
});

test("28: groups of one size come in the order of their first hosts (query W12)", async () => {
  const { stdout } = await run("web[1-12]", "cat number");
  expect(stdout.match(/web\[[^\]]*\]/g)).toEqual(["web[1,4,7,10]", "web[2,5,8,11]", "web[3,6,9,12]"]);
});

test("29, 30, 32: no command shows the hosts; nobody to ask; no host (query W6) (query W22)", async () => {
  expect(await runAt({}, "web[1-3]")).toMatchObject({ status: 0, stdout: "web[1-3]\n" });
  const unasked = await runAt({}, "web[1-3]", "true");
  expect(unasked).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("--yes") });
  expect(await run("web1!web1", "true")).toMatchObject({ status: 4, stderr: "No host matches web1!web1\n" });
  expect(await run("web1!web1", "true", "--allow-empty")).toMatchObject({ status: 0 });
});

describe("31: the question at a terminal", () => {
  test.each([
    [["y", "", "3"], 0, 3],
    [["q"], 98, 1],
    [["4", "q"], 98, 2],
    [[], 98, 1],
    [Array.from({ length: 10 }, () => "yes"), 98, 10],
  ])("answers %j end with %i after %i questions", async (answers, status, questions) => {
    const outcome = await runAt({ answers }, "web[1-3]", "echo ran", "--no-progress");
    expect(outcome.status).toBe(status);
    expect(outcome.stderr.match(/Type the number of hosts \(3\)/g)).toHaveLength(questions);
    expect(outcome.stdout.includes("ran")).toBe(status === 0);
  });

  test("is not asked for one host when the command only reads", async () => {
    const outcome = await runAt({ answers: [] }, "web1", "echo ran", "--safe", "--no-progress");
    expect(outcome).toMatchObject({ status: 0, stdout: "===== (1) web1 =====\nran\n" });
    expect(outcome.stderr).not.toContain("Type the number");
  });

  test("is asked for one host when the command may change something", async () => {
    expect(await runAt({ answers: ["q"] }, "web1", "true")).toMatchObject({ status: 98 });
  });
});

test.each([
  ["-b", "0"],
  ["-b", "101%"],
  ["-b", "0%"],
  ["-p", "101"],
  ["-t", "x"],
  ["-t", "0"],
  ["-t", "2147484"],
  ["--global-timeout", "9999999"],
  ["-s", "-1"],
  ["--limit", "0"],
  ["--max-unreachable", "x"],
  ["--max-unreachable", "101%"],
  ["--max-unreachable", "1.5"],
  ["--limit", "-1"],
  ["--sudo="],
  ["--sudo=a b"],
  ["--sudo=-s"],
  ["--ok-codes", "256"],
  ["--ok-codes", "x"],
  ["--transport", "telnet"],
  ["--script", "/nonexistent"],
  ["--script", "/"],
  ["--json", "--stream"],
])("33: %s %s is refused before any question (query W7) (query W14)", async (...options) => {
  const { status, stderr } = await runAt({ answers: ["1"] }, "web1", "true", ...options);
  expect(status).toBe(2);
  expect(stderr).not.toContain("Type the number");
});

test("what keeps a run from starting ends with 2, also where other commands end with 1", async () => {
  for (const wrong of ["success_percentage", "ssh_transport:carrier-pigeon", "connect_timeout:soon"]) {
    expect(await run("web1", "echo ran", "-D", wrong)).toMatchObject({ status: 2, stdout: "" });
  }
  const few = await run("web[1-12]", "true", "-D", "hosts_config:/proc/1/mem");
  expect(few).toMatchObject({ status: 2, stdout: "" });
});

test.each(["echo 'x", 'echo "a', `echo 'a'"b`, `echo "it's`])(
  "a command with an open quote is refused before any host is contacted: %s",
  async (command) => {
    expect(await run("web1", command)).toMatchObject({ status: 2, stdout: "" });
  },
);

test.each([
  [String.raw`echo "it's \"ok\"" \'`, `it's "ok" '\n`],
  [`echo "$(echo "in 'quotes'")"`, "in 'quotes'\n"],
  ["cat <<E\ndon't\nE", "don't\n"],
  ["echo ok # don't", "ok\n"],
])("a command whose quotes are closed reaches the host's shell as it is: %s", async (command, said) => {
  expect((await run("web1", command)).stdout).toBe(`===== (1) web1 =====\n${said}`);
});

test("33: ten percent of five hosts is one host at a time (query W14)", async () => {
  const command = "mkdir lock || exit 9; sleep 0.1; rmdir lock";
  expect(await run("web[1-5]", command, "-b", "10%")).toMatchObject({ status: 0 });
});

test("34: a plan is printed, and nothing is run (query W22)", async () => {
  const { status, stdout } = await runAt({}, "web[1-3]", "touch planned", "--sudo", "--plan");
  expect([status, stdout]).toEqual([0, "3 hosts, as root: web[1-3]\n  touch planned\n"]);
  const json = await runAt({}, "web[1-2]", "touch planned", "--dry-run", "--json");
  expect(JSON.parse(json.stdout)).toEqual({
    hosts: ["web1", "web2"],
    commands: ["touch planned"],
    sudo: null,
    shuffleSeed: null,
    outputDirectory: null,
  });
  expect(await lab.host("web1").exec(["test", "-e", "planned"])).toMatchObject({ exitCode: 1 });
});

test("a run is kept under the name of who logged in, or of the account, whatever variables say (query W26)", async () => {
  const user = (await loginAccount())?.user ?? accountName();
  for (const name of ["USER", "LOGNAME", "SUDO_USER"]) vi.stubEnv(name, "somebody-else");
  const { stdout } = await run("web1", "true", "--json");
  vi.unstubAllEnvs();
  expect(JSON.parse(stdout)).toMatchObject({ user });
});

test("a script is sent and run, and its output streamed with the host in front", async () => {
  const script = join(root, "script");
  await writeFile(script, "#!/bin/sh\necho one\nprintf two\necho three >&2\n");
  const { status, stdout, stderr } = await run("web1", "--script", script, "--stream");
  expect([status, stdout]).toEqual([0, "web1: one\nweb1: two\n"]);
  expect(stderr).toContain("web1: three\n");
});

test("a stream tells why a host could not be used", async () => {
  await lab.host("web4").killServer();
  const { stdout, stderr } = await run("web[3-4]", "printf up", "--stream");
  await lab.host("web4").startServer();
  expect(stdout).toBe("web3: up\n");
  expect(stderr).toMatch(/^web4: Cannot connect to web4 .*connection refused$/m);
});

test("ndjson prints a line for each command on each host as it ends", async () => {
  const { stdout } = await run("web[1-2]", "echo a", "echo b", "--ndjson");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatchObject({ status: "ok", code: 0, command: "echo a", stdout: "a\n", stderr: "" });
});

test("hosts can be shown by how they ended, and sampled", async () => {
  const byExit = await run("web[1-5]", `hostname; ${FAILS_ON_WEB2}`, "--group-by", "exit", "-p", "50");
  expect(byExit.stdout).toBe("===== (4) web[1,3-5] =====\n===== (1) web2, exit 3 =====\n");
  const { stdout } = await run("web[1-12]", "true", "--limit", "3", "--json");
  expect(JSON.parse(stdout).hosts).toHaveLength(3);
});

describe("--shuffle", () => {
  const natural = Array.from({ length: 12 }, (_, index) => `web${index + 1}`);
  const planned = async (...argv: string[]): Promise<{ hosts: string[]; shuffleSeed: number }> =>
    JSON.parse((await runAt({}, "web[1-12]", "true", "--plan", "--json", ...argv)).stdout);

  test("starts hosts in the order that the plan shows, which its seed repeats", async () => {
    const plan = await planned("--shuffle");
    const { hosts } = await planned(`--shuffle=${plan.shuffleSeed}`);
    expect(hosts).toEqual(plan.hosts);
    expect(hosts.toSorted()).toEqual(natural.toSorted());
    expect((await planned("--shuffle=7")).hosts).not.toEqual(natural);
    for (const mode of ["lockstep", "independent"]) {
      const argv = ["web[1-12]", "true", "-b", "1", `--shuffle=${plan.shuffleSeed}`, "-m", mode];
      const { stderr, stdout } = await run(...argv, "--ndjson");
      const lines = stdout.trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line).host)).toEqual(hosts);
      expect(stderr).toContain(
        `12 hosts, in random order (--shuffle=${plan.shuffleSeed}): web[1-12]\n  true\n`,
      );
    }
  });

  test("results stay in the order of the hosts, and the seed is kept with the run", async () => {
    const record = JSON.parse((await run("web[1-12]", "true", "--shuffle=7", "--json")).stdout);
    expect(record.results.map(({ host }: { host: string }) => host)).toEqual(natural);
    expect(record).toMatchObject({ shuffleSeed: 7, hosts: natural });
  });

  test("makes the choice of --limit repeatable", async () => {
    const chosen = await planned("--shuffle=7", "--limit", "4");
    expect(chosen.hosts).toHaveLength(4);
    expect(await planned("--shuffle=7", "--limit", "4")).toEqual(chosen);
  });

  test.each(["x", "-1", "1.5", "4294967296", "", " 1"])("%j is no seed", async (seed) => {
    expect(await run("web1", "true", `--shuffle=${seed}`)).toMatchObject({ status: 2, stdout: "" });
  });
});

describe("--output-dir", () => {
  const numbers = "seq 1 400000; ls nothing";

  test("keeps all that the hosts say, also what is too long to be shown", async () => {
    const { stdout, stderr } = await run("web[1-2]", numbers, "--output-dir", "kept", "-x", "--json");
    const directory = join(root, "kept");
    expect((await readdir(directory)).toSorted()).toEqual([
      "web1.stderr",
      "web1.stdout",
      "web2.stderr",
      "web2.stdout",
    ]);
    const lines = (await readFile(join(directory, "web2.stdout"), "utf8")).trimEnd().split("\n");
    expect([lines.length, lines.at(-1)]).toEqual([400_000, "400000"]);
    expect(JSON.parse(stdout).results[1]).toMatchObject({
      stdout: expect.stringMatching(/^1\n.*bytes omitted.*400000\n$/s),
      stdoutFile: join(directory, "web2.stdout"),
      stderrFile: join(directory, "web2.stderr"),
    });
    expect(stderr).toContain(`output: ${directory}\n`);
    expect((await stat(join(directory, "web1.stdout"))).mode & 0o777).toBe(0o600);
  });

  test.each(["lockstep", "independent"])("%s: each of several commands has a directory", async (mode) => {
    const directory = join(root, `kept-${mode}`);
    await run("web[1-2]", "echo one", "echo two", "--output-dir", directory, "-m", mode);
    expect((await readdir(directory)).toSorted()).toEqual(["1", "2"]);
    expect(await readFile(join(directory, "2/web1.stdout"), "utf8")).toBe("two\n");
  });

  test("makes nothing for a plan, and refuses what is no empty directory before any question", async () => {
    const plan = await runAt({}, "web1", "true", "--output-dir", "planned-dir", "--plan");
    expect(plan.stdout).toBe(`1 host: web1\n  true\noutput: ${join(root, "planned-dir")}\n`);
    await expect(stat(join(root, "planned-dir"))).rejects.toThrow("ENOENT");
    await writeFile(join(root, "a-file"), "");
    for (const [directory, words] of [
      ["", "needs the name of a directory"],
      [".", "--output-dir . is not empty"],
      ["a-file", "Cannot keep output in --output-dir a-file: it is no directory"],
      ["a-file/below", "Cannot keep output in --output-dir a-file/below: it is no directory"],
    ] as const) {
      const argv = ["web1", "true", `--output-dir=${directory}`];
      const outcome = await runAt({ answers: ["1"] }, ...argv);
      expect(outcome).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(words) });
      expect(outcome.stderr).not.toContain("Type the number");
    }
  });

  test("a directory that cannot be made is one sentence, and nothing is run", async () => {
    const { status, stdout, stderr } = await run("web1", "echo ran", "--output-dir", "/proc/none/below");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^scap: Cannot keep output in \/proc\/none\/below: no such file or directory$/m);
  });

  test("a host whose output cannot be kept is named, and has succeeded all the same", async () => {
    const directory = join(root, "raced");
    // Somebody else writes into the directory while the run goes on.
    const command = `: > ${directory}/web1.stdout; echo mine`;
    const { status, stderr } = await run("web1", command, "--output-dir", directory);
    expect(status).toBe(0);
    expect(stderr).toContain("warning: Not all output of web1 is kept: file already exists\n");
  });
});

test("progress tells what passed and failed, how long it took and how long it will take", async () => {
  const { stderr } = await run("web[1-3]", FAILS_ON_WEB2);
  expect(stderr).toMatch(/ {2}0% \(0\/3\) {2}PASS 0 {2}FAIL 0 {2}running 0 {2}00:00 {2}ETA --:--/);
  expect(stderr).toMatch(/100% \(3\/3\) {2}PASS 2 {2}FAIL 1 {2}running 0 {2}00:0\d *\n/);
  expect((await run("web1", "true", "--no-progress")).stderr).not.toContain("PASS");
});

describe("--retry-failed", () => {
  test("repeats the commands of a run where they failed, by its name, as the last, or from a file", async () => {
    const first = await run("web[1-3]", FAILS_ON_WEB2, "echo done", "-p", "50", "--json");
    const { run: name } = JSON.parse(first.stdout);
    expect(first.stderr).toContain(`scap run --retry-failed ${name}`);
    const file = join(root, "run.json");
    await writeFile(file, first.stdout);
    for (const wanted of ["last", name, file]) {
      const plan = await runAt({}, "--retry-failed", wanted, "--plan");
      expect(plan.stdout).toBe(`1 host: web2\n  ${FAILS_ON_WEB2}\n  echo done\n`);
    }
    await lab.host("web2").exec(["rm", "broken"]);
    const again = await run("--retry-failed", name);
    await lab.host("web2").exec(["touch", "broken"]);
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining("(1) web2 =====\ndone\n") });
    const none = await run("--retry-failed", "last", "--json");
    expect(none).toMatchObject({ status: 4, stderr: "No host failed in run last\n" });
  });

  test("names the hosts that the run did not come to, which did not fail", async () => {
    await run("web[1-4]", FAILS_ON_WEB2, "-b", "1");
    const { stderr, stdout } = await runAt({}, "--retry-failed", "last", "--plan");
    expect(stdout).toBe(`1 host: web2\n  ${FAILS_ON_WEB2}\n`);
    expect(stderr).toContain("Left out, since that run was interrupted or stopped before them: web[3-4]\n");
  });

  test("includes hosts that could not be reached, and keeps script and sudo", async () => {
    const script = join(root, "retried");
    await writeFile(script, "#!/bin/sh\necho script\n");
    await lab.host("web3").killServer();
    await run("web3", "--script", script, "--sudo=nobody");
    await lab.host("web3").startServer();
    const { stdout } = await runAt({}, "--retry-failed", "last", "--plan");
    expect(stdout).toBe(`1 host, as nobody: web3\n  ${script}\n`);
  });

  test.each([
    [["--retry-failed", "nope"], "Cannot read run nope: there is no such file\n"],
    [["--retry-failed", "last", "web1"], "leave out hosts and commands"],
    [[], "needs hosts"],
  ])("%j is wrong usage", async (argv, words) => {
    const { status, stderr } = await run(...argv);
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  test("refuses a file that is no run", async () => {
    const file = join(root, "no-run.json");
    await writeFile(file, '{"hosts":["web1"],"commands":"rm"}');
    expect(await run("--retry-failed", file)).toMatchObject({ status: 2 });
  });

  test("reads what only its user can read", async () => {
    await run("web1", "true");
    const directory = join(root, "state/scap/runs");
    const [name = ""] = await readdir(directory);
    expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
  });
});

test("35: Ctrl-C once starts no more hosts, waits for those at work, and reports", async () => {
  const onPrint = interruptOn("web1: at work");
  const { status, stderr } = await runAt(
    { onPrint },
    ...["web[1-3]", "echo at work; sleep 0.5; echo done", "-b", "1", "--stream", "--yes"],
  );
  expect(status).toBe(130);
  expect(stderr).toContain("not started: 66.7% (2/3) web[2-3]\nsucceeded: 33.3% (1/3)");
});

test("35: Ctrl-C twice ends what runs on the hosts (ssh W8) (query W17)", async () => {
  const onPrint = interruptOn("web1: at work", 2);
  const startedAt = performance.now();
  const { status, stderr } = await runAt(
    { onPrint },
    ...["web[1-3]", "echo at work; exec sleep 299", "-b", "1", "--stream", "--yes"],
  );
  expect(status).toBe(130);
  expect(stderr).toContain("interrupted: 33.3% (1/3) web1\nnot started: 66.7% (2/3) web[2-3]\n");
  expect(performance.now() - startedAt).toBeLessThan(30_000);
  await expect.poll(() => running("web1", "sleep 299"), { timeout: 3000 }).toBe(0);
});

/** Sends SIGINT to this process, once or more, when the text is printed for the first time. */
function interruptOn(text: string, times = 1): (printed: string) => void {
  let isDone = false;
  return (printed) => {
    if (isDone || !printed.includes(text)) return;
    isDone = true;
    for (let time = 0; time < times; time++) process.emit("SIGINT", "SIGINT");
  };
}

async function running(host: string, command: string): Promise<number> {
  return (await lab.host(host).processes()).filter((each) => each.command.includes(command)).length;
}
