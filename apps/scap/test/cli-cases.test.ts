import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { COMMANDS } from "../src/commands/index.ts";
import { scap as runIn, type Outcome } from "./in-process.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scap-cli-cases-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const scap = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  runIn(root, argv, { commands: COMMANDS, env });

/** The numbers are those of the acceptance cases of cli.md. */
describe("the command line", () => {
  test("version is the answer alone, whatever colours are wanted (cases 1 and 38) (cli W4)", async () => {
    for (const env of [{}, { FORCE_COLOR: "1" }]) {
      const { status, stdout, stderr } = await scap(["version"], env);
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    }
  });

  test.each([
    [2, [], 1, "a command is required"],
    [3, ["nosuch"], 2, "Commands: completion, config, deploy,"],
    [3, ["sync", "x"], 2, "Unknown command sync"],
    [4, ["version", "extra"], 2, 'Extra arguments: "extra"'],
    [5, ["version", "-D", "foo"], 1, "name:value"],
    [6, ["version", "-D", "foo:bar", "-Da:b:c", "--define=x:"], 0, ""],
    [7, ["version", "-D", "git_fat:maybe"], 1, '"maybe"'],
    [7, ["version", "-e", "nosuch"], 1, "nosuch"],
    [8, ["version", "-D", "refuse_root:yes"], process.geteuid?.() === 0 ? 1 : 0, ""],
    [11, ["version", "-c", "/dev/null"], 0, ""],
    [13, ["deploy", "--s", "x"], 2, "Ambiguous option --s: could be --stages"],
    [17, ["deploy", "-s", "fetch,promote"], 2, "choose from fetch, config_deploy, promote"],
    [19, ["deploy", "a", "-f", "b"], 2, 'Extra arguments: "b"'],
    [20, ["deploy", "-l"], 2, "-l needs a value"],
    [28, ["cdb-json-refresh", "-d", "/nonexistent"], 2, "/nonexistent"],
    [29, ["deploy-local", "fetch"], 2, "-r/--repo is required"],
    [36, ["deploy", "msg"], 1, "is not the top level of a git repository"],
    [41, ["version"], 0, ""],
  ] as const)("case %i: %j ends with %i (cli W5) (cli W19)", async (_, argv, status, message) => {
    const outcome = await scap(argv);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/internal error|^ {4}at /m);
  });

  test("help is for root too (case 9)", async () => {
    const { status, stdout } = await scap(["--help"]);
    expect([status, stdout]).toEqual([0, expect.stringContaining("Usage: scap COMMAND")]);
    expect((await scap(["deploy", "--help", "-D", "refuse_root:yes"])).status).toBe(0);
  });

  test.each([
    [10, ["-v"]],
    [10, ["-vv"]],
    [10, ["-e", "beta"]],
    [14, ["--no-log"]],
    [15, ["-fi", "msg"]],
    [16, ["-lweb*", "-r", "v1", "a", "b c"]],
    [18, ["--dry-run", "--", "-x"]],
  ])("case %i: scap deploy %j is understood", async (_, argv) => {
    // It gets as far as to see that there is nothing to deploy here.
    expect((await scap(["deploy", ...argv])).stderr).toContain("is not the top level of a git repository");
  });

  test.each([
    ["", 0, ["config ", "deploy ", "deploy-local ", "-h ", "--help "]],
    ["deploy -s ", 0, ["fetch ", "config_deploy ", "promote "]],
    ["deploy -s f", 0, ["fetch "]],
    ["deploy-local f", 0, ["fetch ", "finalize "]],
    ["cdb-json-refresh -d ", 0, ["__dirs__"]],
    ["deploy -c ", 0, ["__files__"]],
    ["cdb-rebuild --version ", 0, ["__versions__"]],
    ["install-world -v ", 0, ["-h ", "--help ", "'latest'"]],
    ["nosuch", 2, []],
  ])("the completion protocol for %j ends with %i", async (words, status, candidates) => {
    const outcome = await scap([`--_completion=${words}`], { _COMPLETION: "1" });
    expect(outcome.status).toBe(status);
    const offered = outcome.stdout.split("\n");
    for (const candidate of candidates) expect(offered).toContain(candidate);
    if (status === 2) expect(outcome.stdout).toBe("");
    expect((await scap([`--_completion=${words}`])).status).toBe(2);
  });
});
