import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Command } from "../command.ts";
import { completionScript, type Shell } from "./completion-script.ts";

const COMMANDS: readonly Command[] = [
  {
    name: "deploy",
    summary: "Deploy a revision, it's new",
    arguments: [{ name: "message", summary: "why", count: "any" }],
    options: [
      { name: "rev", short: "r", type: "string", completes: "revisions", summary: "revision" },
      { name: "stages", short: "s", type: "string", choices: ["fetch", "promote"], summary: "stage" },
      { name: "force", short: "f", type: "flag", summary: "again" },
    ],
  },
  {
    name: "log",
    summary: "Show logs",
    arguments: [
      {
        name: "expr",
        summary: "filter",
        count: "optional",
        suggestions: ["levelno >= WARNING", "levelno >= ERROR"],
      },
    ],
  },
  {
    name: "targets",
    summary: "Show hosts",
    commands: [
      { name: "list", summary: "List", options: [{ name: "json", type: "flag", summary: "JSON" }] },
      {
        name: "query",
        summary: "Query",
        arguments: [{ name: "hosts", summary: "hosts", count: "one", completes: "hosts" }],
      },
    ],
  },
  { name: "secret", summary: "Hidden", hidden: true },
];

/** What completion asks for; nobody may run or expand it. */
const DEFINITIONS = ["runtime:auto", "runtime:never", "log_json:true", "group_size:"];
const VALUES = ["main", "fix-1", "$(touch ran)", "`touch ran`", "a b;touch ran", "*", "@canary"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scap-completion-"));
  await writeFile(join(folder, "values"), VALUES.map((value) => `${value}\n`).join(""));
  const program = join(folder, "scap");
  await writeFile(join(folder, "definitions"), DEFINITIONS.map((value) => `${value}\n`).join(""));
  await writeFile(
    program,
    `#!/bin/sh\n[ "$1" = complete-values ] || exit\n[ "$2" = definitions ] && exec cat ${folder}/definitions\ncat ${folder}/values\n`,
  );
  await chmod(program, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(shell: string, ...argv: string[]): string[] {
  const env = { ...process.env, HOME: folder, PATH: `${folder}:${process.env["PATH"]}`, TERM: "dumb" };
  const output = execFileSync(shell, argv, { cwd: folder, env, encoding: "utf8", timeout: 100_000 });
  return output.split("\n").filter((line) => line !== "");
}

/** Candidates for the last word of a line, as each shell finds them. */
const SHELLS: Readonly<Record<Shell, (words: readonly string[]) => string[]>> = {
  bash: (words) =>
    run("bash", "--norc", "-c", `${completionScript(COMMANDS, "scap", "bash")}\n${CALL}`, "bash", ...words),
  zsh: (words) =>
    run(
      "zsh",
      "-f",
      "-c",
      `compdef() { :; }\n${completionScript(COMMANDS, "scap", "zsh")}\nsetopt ksharrays\n${CALL}`,
      "zsh",
      ...words,
    ),
  fish: (words) => {
    const line = words.map((word, at) => (at === words.length - 1 ? word : `${word} `)).join("");
    const ask = `${completionScript(COMMANDS, "scap", "fish")}\ncomplete -C '${line}'`;
    const found = run("fish", "--no-config", "-c", ask).map((candidate) => candidate.split("\t", 1)[0] ?? "");
    // It also finds candidates that contain the word elsewhere.
    return found.filter((candidate) => candidate.startsWith(words.at(-1) ?? ""));
  },
};

const CALL = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _scap; printf '%s\\n' "\${COMPREPLY[@]}"`;

describe("completion in bash", () => {
  const complete = (...words: string[]): string[] => SHELLS.bash(["scap", ...words]).toSorted();

  it("goes on behind a quote, with what needs no escape", () => {
    expect(complete("deploy", "-r", '"m')).toEqual(["main"]);
    expect(complete("deploy", "-r", "'")).toEqual(["@canary", "fix-1", "main"]);
  });

  it("goes on behind a group", () => {
    expect(complete("targets", "query", "@")).toEqual(["@canary"]);
    expect(complete("targets", "query", "@", "canary,ma")).toEqual(["@canary,main"]);
    expect(complete("targets", "query", "x1,", "@", "ca")).toEqual(["@canary"]);
  });

  it("goes on behind the colon at which it parts words", () => {
    expect(complete("deploy", "-D", "runtime", ":")).toEqual(["auto", "never"]);
    expect(complete("deploy", "-D", "runtime", ":", "a")).toEqual(["auto"]);
    expect(complete("deploy", "--define", "=", "runtime", ":", "n")).toEqual(["never"]);
    expect(complete("deploy", "-D", "group_size", ":")).toEqual([]);
    expect(complete("deploy", "-D", "ssh_config", ":", "./val")).toEqual(["./values"]);
  });

  it("offers values with blanks behind an open quote as they are", () => {
    expect(complete("log", "'levelno >= W")).toEqual(["levelno >= WARNING"]);
  });
});

const lacksZsh = !existsSync("/usr/bin/zsh") && process.env["CI"] === undefined;

it.skipIf(lacksZsh)(
  `completion in zsh ends a candidate with a blank, but not where it goes on${lacksZsh ? " NOT RUN: needs zsh" : ""}`,
  () => {
    const ask = CALL.replace("_scap;", "_scap_in_zsh;").replace("%s", "<%s>");
    const script = `compdef() { :; }\n${completionScript(COMMANDS, "scap", "zsh")}\nsetopt ksharrays\n${ask}`;
    const complete = (...words: string[]): string[] =>
      run("zsh", "-f", "-c", script, "zsh", "scap", ...words);
    expect(complete("targ")).toEqual(["<targets >"]);
    expect(complete("deploy", "-D", "group")).toEqual(["<group_size:>"]);
    expect(complete("deploy", "--conf", "./../")).toContain(`<./../${basename(folder)}/>`);
  },
);

describe.each(Object.entries(SHELLS))("completion in %s", (shell, candidates) => {
  const isMissing = !existsSync(`/usr/bin/${shell}`) && process.env["CI"] === undefined;
  const note = isMissing ? ` NOT RUN: needs ${shell}` : "";
  const complete = (line: string): string[] => candidates(line.split(" ")).toSorted();

  it.skipIf(isMissing)(`offers commands but no hidden ones${note} (cli W21)`, () => {
    expect(complete("scap t")).toEqual(["targets"]);
    expect(complete("scap s")).toEqual([]);
  });

  it.skipIf(isMissing)(`offers options and choices${note}`, () => {
    expect(complete("scap deploy --f")).toEqual(["--force"]);
    expect(complete("scap deploy --no-loc")).toEqual(["--no-local-config"]);
    expect(complete("scap deploy -s ")).toEqual(["fetch", "promote"]);
    expect(complete("scap deploy -f --stages p")).toEqual(["promote"]);
  });

  it.skipIf(isMissing)(`offers actions and what belongs to them${note}`, () => {
    expect(complete("scap targets l")).toEqual(["list"]);
    expect(complete("scap targets list --j")).toEqual(["--json"]);
    expect(complete("scap deploy --j")).toEqual([]);
    expect(complete("scap targets query m")).toEqual(["main"]);
  });

  it.skipIf(isMissing)(`goes on behind a comma where several hosts may stand${note}`, () => {
    expect(complete("scap targets query x1,m")).toEqual(["x1,main"]);
    expect(complete("scap targets query x1,main,fix")).toEqual(["x1,main,fix-1"]);
    expect(complete("scap deploy -r x,m")).toEqual([]);
  });

  it.skipIf(isMissing)(`completes groups, which bash parts at their sign${note}`, () => {
    const line = shell === "bash" ? "scap targets query @ c" : "scap targets query @c";
    expect(complete(line)).toEqual(["@canary"]);
  });

  it.skipIf(isMissing)(`offers names and values of configuration options, paths too${note}`, () => {
    // bash parts them at the colon, see above.
    if (shell !== "bash") {
      expect(complete("scap deploy -D runtime:")).toEqual(["runtime:auto", "runtime:never"]);
      expect(complete("scap deploy --define log_json:t")).toEqual(["log_json:true"]);
      expect(complete("scap deploy -D ssh_config:./val")).toEqual(["ssh_config:./values"]);
    }
    expect(complete("scap deploy -D log")).toEqual(["log_json:true"]);
    expect(complete("scap deploy -D gr")).toEqual(["group_size:"]);
    expect(complete("scap deploy -e m")).toEqual(["main"]);
    expect(complete("scap deploy --conf ./val")).toEqual(["./values"]);
  });

  it.skipIf(isMissing)(`offers suggestions${note}`, () => {
    const found = complete("scap log lev").map((candidate) => candidate.replaceAll("\\", ""));
    expect(found).toEqual(["levelno >= ERROR", "levelno >= WARNING"]);
  });

  it.skipIf(isMissing)(`asks the program for values, and neither runs nor expands them${note}`, async () => {
    expect(complete("scap deploy -r f")).toEqual(["fix-1"]);
    expect(complete("scap deploy --rev m")).toEqual(["main"]);
    expect(complete("scap deploy -r ").length).toBeGreaterThanOrEqual(VALUES.length);
    expect(await readdir(folder)).not.toContain("ran");
  });
});
