import { execFileSync, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

import { parseExclude, parseLimit, TargetsError } from "../src/index.ts";

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const isMissing = !hasPython && process.env["CI"] === undefined;
const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

const PROGRAM = `
import json, re, sys
def ask(pattern, host):
    try: return re.compile(pattern).match(host) is not None
    except re.error: return "error"
print(json.dumps([ask(*question) for question in json.load(sys.stdin)]))
`;

const ATOMS = [
  ...["web", "db", "1", "0", ".", "é", "/", "#", "-", "_"],
  ...["\\d", "\\w", "\\W", "\\.", "\\-", "\\x31", "\\061"],
  ...["[12]", "[a-z]", "[^1]", "[]x]", "[\\w-]", "[[:x]", "[a&&b]"],
];
const REPEATS = ["", "", "", "*", "+", "?", "{2}", "{,2}", "{1,}", "*?", "{x"];
const ASSERTIONS = ["^", "$", "\\b", "\\Z", "\\A", "(?=web)", "(?!db)", "(?<=b)", "(?#n)"];
const FLAGS = ["", "", "", "(?i)", "(?s)", "(?m)", "(?a)"];
const HOSTS = [
  ...["web1", "web2", "web10", "web01.dc1.example", "db1", "dba", "WEB1"],
  ...["x_y", "a-b", "üml.example", "é1", "9host", "webb", "d"],
];

let state = SEED;
function pick<T>(items: readonly T[]): T {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return items[Math.floor((state / 2 ** 32) * items.length)] as T; // never empty
}

function randomPattern(): string {
  const atom = (): string => {
    const group = (): string => `(${pick(["", "?:", "?P<n>"])}${pick(ATOMS)}|${pick(ATOMS)})`;
    return pick([(): string => pick(ATOMS), (): string => pick(ATOMS), group])();
  };
  const item = (): string => (pick([1, 2, 3, 4, 5, 6]) === 1 ? pick(ASSERTIONS) : atom() + pick(REPEATS));
  return pick(FLAGS) + Array.from({ length: pick([1, 2, 3, 4, 5]) }, item).join("");
}

/** Both options read a regular expression in the same way. */
function ours(pattern: string, host: string): boolean | "error" {
  try {
    const selects = parseLimit([`~${pattern}`]).selects(host);
    expect(parseExclude(pattern)(host)).toBe(selects);
    return selects;
  } catch (error) {
    if (error instanceof TargetsError) return "error";
    throw error;
  }
}

describe.skipIf(isMissing)(`regular expressions${isMissing ? " NOT RUN: needs python3" : ""}`, () => {
  it(`choose the hosts that Python's choose, or are refused (seed ${SEED})`, () => {
    const questions = Array.from({ length: 1_500 }, () => [randomPattern(), pick(HOSTS)] as const);
    const input = JSON.stringify(questions);
    const options = { input, encoding: "utf8", maxBuffer: 1e9 } as const;
    const wanted = JSON.parse(execFileSync(PYTHON, ["-W", "ignore", "-c", PROGRAM], options)) as unknown[];
    const answers = questions.map(([pattern, host], at) => ({
      pattern,
      host,
      got: ours(pattern, host),
      wanted: wanted[at],
    }));
    const refused = answers.filter(({ got, wanted: expected }) => got === "error" && expected !== "error");
    expect(refused.length).toBeLessThan(questions.length / 100);
    expect(answers.filter((answer) => answer.got !== answer.wanted && !refused.includes(answer))).toEqual([]);
  });
});
