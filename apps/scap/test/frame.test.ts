import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";

import { runCli } from "@scap/cli";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { COMMANDS } from "../src/commands/index.ts";
import { scap as runIn } from "./in-process.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "scap-frame-"));
  await put("scap/scap.cfg", "[global]\ndsh_targets: inline:web[1-3]\n");
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const scap = (...argv: string[]) => runIn(root, argv, { commands: COMMANDS });
const answerTo = async (...argv: string[]): Promise<string[]> =>
  (await scap(...argv)).stdout.split("\n").slice(0, -1);

describe("complete-values", () => {
  test("offers hosts and groups of the checkout", async () => {
    expect(await answerTo("complete-values", "hosts")).toEqual(["web1", "web2", "web3"]);
    expect(await answerTo("complete-values", "groups")).toEqual(["default"]);
    expect(await answerTo("complete-values", "host-sets")).toEqual(["@default", "web1", "web2", "web3"]);
  });

  test("offers revisions, environments and log files", async () => {
    execFileSync("git", ["init", "-q", "-b", "trunk", root]);
    const author = ["-c", "user.name=A", "-c", "user.email=a@example"];
    execFileSync("git", [...author, "commit", "-q", "--allow-empty", "-m", "x"], { cwd: root });
    execFileSync("git", ["tag", "v1"], { cwd: root });
    expect((await answerTo("complete-values", "revisions")).toSorted()).toEqual(["trunk", "v1"]);
    await put("scap/environments/beta/scap.cfg", "");
    expect(await answerTo("complete-values", "environments")).toEqual(["beta"]);
    await put("scap/log/a.log", "");
    expect(await answerTo("complete-values", "logs")).toEqual(["scap/log/a.log"]);
  });

  test("offers configuration options with the values that are known", async () => {
    await put("scap/environments/beta/scap.cfg", "");
    const offered = await answerTo("complete-values", "definitions");
    const valuesOf = (name: string): string[] => offered.filter((each) => each.startsWith(`${name}:`));
    expect(valuesOf("runtime")).toEqual(["runtime:auto", "runtime:never"]);
    expect(valuesOf("git_binary_manager")).toEqual([
      "git_binary_manager:git-fat",
      "git_binary_manager:git-lfs",
    ]);
    expect(valuesOf("log_json")).toEqual(["log_json:true", "log_json:false"]);
    expect(valuesOf("environment")).toEqual(["environment:beta"]);
    expect(valuesOf("group_size")).toEqual(["group_size:"]);
  });

  test("offers kept runs, the newest first", async () => {
    const env = { XDG_STATE_HOME: root };
    for (const name of ["20310405-060708-009", "20310406-060708-009", "other"])
      await put(`scap/runs/${name}.json`, "{}");
    const { stdout } = await runIn(root, ["complete-values", "runs"], { commands: COMMANDS, env });
    expect(stdout).toBe("last\n20310406-060708-009\n20310405-060708-009\n");
  });

  test("offers nothing, and says nothing, where something is wrong", async () => {
    await put("scap/scap.cfg", "[global]\ndsh_targets: nope\n");
    for (const kind of ["hosts", "groups", "revisions", "environments", "logs", "constructor"])
      expect(await scap("complete-values", kind)).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("does not run an inventory program for a key press", async () => {
    await put("scap/inventory", "#!/bin/sh\ntouch ran\necho web9\n");
    await chmod(join(root, "scap/inventory"), 0o755);
    await put("scap/scap.cfg", "[global]\ndsh_targets: exec:inventory\n");
    expect(await answerTo("complete-values", "hosts")).toEqual([]);
  });
});

describe("list", () => {
  test("names the commands that are not hidden, and their actions", async () => {
    const { stdout } = await scap("list");
    expect(stdout).toMatch(/^deploy +Deploy a revision/m);
    expect(stdout).toMatch(/^ {2}expand +Write out a set/m);
    expect(stdout).not.toMatch(/^say /m);
    expect((await scap("list", "--all")).stdout).toMatch(/^say /m);
  });

  test("--json names arguments and options", async () => {
    const { commands } = JSON.parse((await scap("list", "--json")).stdout) as {
      commands: { name: string }[];
    };
    expect(commands.find(({ name }) => name === "deploy")).toMatchObject({
      deployServerOnly: true,
      arguments: [{ name: "message", count: "any" }],
    });
  });
});

describe("say", () => {
  test("fills a box as wide as asked for", async () => {
    const { stdout } = await scap("say", "-W", "20", "one two three four five six");
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      String.raw`/-----------------\ `.trimEnd(),
      "|  one two three  |",
      "|  four five six  |",
      String.raw`\-----------------/`,
    ]);
  });

  test("gives each word a line when all would fit on one", async () => {
    expect((await scap("say", "-W", "20", "a b")).stdout).toContain(
      "|        a        |\n|        b        |\n",
    );
  });

  test("with --no-wrap fits the longest line, and shows no escape sequence", async () => {
    const { stdout } = await scap("say", "-n", "longest", "x", "\u001b[2J");
    expect(stdout).toContain(String.raw`| longest |
| x       |
| \x1b[2J |`);
  });

  test("takes its lines from standard input, and eyes of two characters", async () => {
    const { stdout } = await runIn(root, ["say", "-n", "-e", "^^"], {
      commands: COMMANDS,
      input: "hello\nworld\n",
    });
    expect(stdout).toMatch(/\| hello \|\n\| world \|[^]*\^\^/);
    expect((await scap("say", "-e", "x", "hi")).status).toBe(2);
  });
});

test("completion prints a script, and refuses other shells", async () => {
  expect((await scap("completion", "bash")).stdout).toContain("complete -F _scap scap");
  expect((await scap("completion", "tcsh")).status).toBe(2);
});

describe("SCAP_LOG_LEVEL", () => {
  test.each([
    ["DEBUG", 0],
    ["10", 0],
    ["", 0],
    ["bogus", 1],
  ])("%j ends with %i (cli W7)", async (level, status) => {
    const world = { commands: COMMANDS, env: { SCAP_LOG_LEVEL: level } };
    expect((await runIn(root, ["version"], world)).status).toBe(status);
  });
});

describe("guards", () => {
  test.each([
    [["-D", "deploy_server_pattern:^nowhere$"], "only runs on deploy servers"],
    [["-D", "block_deployments:1"], "Deployments are blocked"],
  ])("%j refuses a deployment (cli W3)", async (defines, message) => {
    await put(".git/HEAD", "");
    const { status, stderr } = await scap("deploy", "why", ...defines);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test.each([
    [{}, 1],
    [{ TMUX: "/tmp/x" }, 0],
    [{ STY: "1.x" }, 0],
  ])(
    "require_terminal_multiplexer wants tmux or screen where there is a terminal: %j",
    async (env, status) => {
      const terminal = (): PassThrough & { isTTY: boolean } =>
        Object.assign(new PassThrough(), { isTTY: true });
      const [stdin, stdout, stderr] = [terminal(), terminal(), terminal()];
      const argv = [
        "lock",
        "-D",
        "require_terminal_multiplexer:1",
        "-D",
        `lock_dir:${root}`,
        "--for",
        "0s",
        "x",
      ];
      const io = { stdin, stdout, stderr, env, cwd: root };
      expect(await runCli({ program: "scap", about: "", commands: COMMANDS, argv, io })).toBe(status);
      const said = String(stderr.read() ?? "");
      if (status === 1) expect(said).toContain("must run inside tmux or screen");
      else expect(said).toContain("Locked");
    },
  );

  test("a development host passes", async () => {
    await put(".git/HEAD", "");
    const { stderr } = await scap(
      "deploy",
      "-D",
      "deploy_server_pattern:^nowhere$",
      "-D",
      "local_dev_mode:1",
    );
    expect(stderr).not.toContain("deploy servers");
  });
});
