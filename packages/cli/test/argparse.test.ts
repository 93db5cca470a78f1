import { execFileSync, spawnSync } from "node:child_process";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";

import { UsageError, type Command } from "../src/index.ts";
import { allOptions, parseArguments } from "../src/parse-arguments.ts";

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const isMissing = !hasPython && process.env["CI"] === undefined;
const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

/** Builds the same commands with argparse, and takes the same command lines apart. */
const PROGRAM = `
import argparse, json, sys
class Refused(Exception):
    pass
class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(message)
def build(command):
    parser = Parser(add_help=False)
    for argument in command["arguments"]:
        count = {"one": None, "optional": "?", "any": "*", "many": "+"}[argument["count"]]
        parser.add_argument(argument["name"], nargs=count, choices=argument.get("choices"))
    for option in command["options"]:
        names = ["-" + option["short"]] if option.get("short") else []
        details = {"dest": "--" + option["name"]}
        if option["type"] == "flag":
            details["action"] = "store_true"
        else:
            details["action"] = "append" if option.get("repeat") else "store"
            details["type"] = int if option["type"] == "integer" else str
            details["choices"] = option.get("choices")
            details["required"] = option.get("required", False)
        parser.add_argument(*names, "--" + option["name"], **details)
    return parser
def ask(parser, argv):
    try:
        values, extra = parser.parse_known_args(argv)
    except Refused:
        return None
    return None if extra else {k: v for k, v in vars(values).items() if v not in (None, False, [])}
commands, questions = json.load(sys.stdin)
parsers = [build(command) for command in commands]
print(json.dumps([ask(parsers[at], argv) for at, argv in questions]))
`;

const FLAG = { type: "flag", summary: "x" } as const;
const TEXT = { type: "string", summary: "x" } as const;
const STAGES = ["fetch", "config_deploy", "promote"];

const COMMANDS: readonly Command[] = [
  {
    name: "deploy",
    summary: "Deploy",
    arguments: [{ name: "message", summary: "why", count: "any" }],
    options: [
      { ...TEXT, name: "rev", short: "r" },
      { ...TEXT, name: "stages", short: "s", choices: STAGES },
      { ...TEXT, name: "limit-hosts", short: "l", repeat: true },
      { ...FLAG, name: "force", short: "f" },
      { ...FLAG, name: "dry-run" },
      { ...FLAG, name: "service-restart" },
      { ...FLAG, name: "init", short: "i" },
      { type: "integer", summary: "x", name: "wait", short: "w" },
    ],
  },
  {
    name: "deploy-local",
    summary: "Deploy here",
    arguments: [{ name: "stage", summary: "which", count: "optional", choices: STAGES }],
    options: [
      { ...TEXT, name: "repo", short: "r", required: true },
      { ...TEXT, name: "group", short: "g" },
    ],
  },
  {
    name: "sync-file",
    summary: "Synchronise",
    arguments: [
      { name: "file", summary: "what", count: "one" },
      { name: "message", summary: "why", count: "any" },
    ],
    options: [{ ...FLAG, name: "force" }],
  },
];

const VALUES = [
  ...["x", "a b", "-5", "5", "-", "", "web1", "1_0", " 7", "+3", "-1.5", "-x y", "fetch", "promote"],
  ...["name:value", "=", "é", "-.5", "0x1", "-5x", "y", "--", "--nope", "-z", "---", "--="],
];

let state = SEED;
function pick<T>(items: readonly T[]): T {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return items[Math.floor((state / 2 ** 32) * items.length)] as T; // never empty
}

function randomWord(command: Command): string {
  // `--help` ends argparse's work at once.
  const options = allOptions(command).filter(({ name }) => name !== "help");
  const { name } = pick(options);
  const shorts = options.flatMap(({ short }) => short ?? []);
  const kind = pick([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  if (kind === 1) return `--${name}`;
  if (kind === 2) return `--${name.slice(0, pick([1, 2, 3, 4, 6, 9]))}`;
  if (kind === 3) return `--${name}=${pick(VALUES)}`;
  if (kind === 4) return `-${pick(shorts)}`;
  if (kind === 5) return `-${pick(shorts)}${pick([...VALUES, "=x"])}`;
  if (kind === 6) return `-${pick(shorts)}${pick(shorts)}`;
  return pick(VALUES);
}

function ours(command: Command, argv: readonly string[]): Record<string, unknown> | null {
  try {
    const { options, words } = parseArguments(command, argv);
    const values: Record<string, unknown> = {};
    for (const { count, name } of command.arguments ?? []) {
      const taken = words.get(name) ?? [];
      if (taken.length > 0) values[name] = count === "one" || count === "optional" ? taken[0] : taken;
    }
    for (const { name, repeat, type } of allOptions(command)) {
      if (!options.flag(name)) continue;
      if (type === "flag") values[`--${name}`] = true;
      else if (repeat === true) values[`--${name}`] = options.list(name);
      else values[`--${name}`] = type === "integer" ? options.integer(name) : options.string(name);
    }
    return values;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

describe.skipIf(isMissing)(`command lines${isMissing ? " NOT RUN: needs python3" : ""}`, () => {
  it(`are taken apart as argparse does it (seed ${SEED})`, () => {
    const described = COMMANDS.map((command) => ({
      arguments: command.arguments,
      options: allOptions(command).filter(({ name }) => name !== "help"),
    }));
    const questions = Array.from({ length: 1_500 }, () => {
      const at = pick([...COMMANDS.keys()]);
      const command = COMMANDS[at] as Command; // an index of the list
      return { at, command, argv: Array.from({ length: pick([1, 2, 3, 4, 5]) }, () => randomWord(command)) };
    })
      // Versions of argparse differ in which "--" they drop: the last one, a second one, one that is a value.
      .filter(({ argv }) => argv.at(-1) !== "--" && argv.filter((word) => word === "--").length < 2)
      .filter(({ argv }) => !argv.some((word) => /.--$/.test(word)))
      .filter(({ argv }) => !argv.some((word) => /^-[a-zA-Z]*h|^--h/.test(word)));
    const input = JSON.stringify([described, questions.map(({ at, argv }) => [at, argv])]);
    const output = execFileSync(PYTHON, ["-c", PROGRAM], { input, encoding: "utf8", maxBuffer: 1e9 });
    const wanted = JSON.parse(output) as unknown[];
    const answers = questions.map(({ argv, command }, at) => ({
      argv,
      got: ours(command, argv),
      wanted: wanted[at],
    }));
    expect(answers.filter(({ wanted: answer }) => answer !== null).length).toBeGreaterThan(100);
    const differ = answers.filter(({ got, wanted: answer }) => !isDeepStrictEqual(got, answer));
    expect(differ.slice(0, 5)).toEqual([]);
  });
});
