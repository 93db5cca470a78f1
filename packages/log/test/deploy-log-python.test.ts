import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { overLines } from "./run-command.ts";

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const isMissing = !hasPython && process.env["CI"] === undefined;
const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);

let state = SEED;
function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

function pick<T>(items: readonly T[]): T {
  return items[below(items.length)] as T; // never empty
}

const HOSTS = ["web1", "web1.example.org", "db1", "WEB1", "wéb", "😀", "a\nb", "12", "web1.example.org\n"];
const NAMES = ["deploy", "deploy-local", "target.web1.example.org.deploy-local", "scap.announce", "root", ""];
const MESSAGES = [
  ...["done 100%", "warn %d of %s", "hi %s", "%(a)s", "Fetch from: %s", "%s%%", "%5d|", "line\nfeed"],
  ...["é \u2028 x", '"quoted" \\ back', "%r", "ends\n"],
];
const SCALARS = [
  ...["1", "1.0", "-5", "3.50", "1e5", "12345678901234567890", "NaN", "null", "true", "false", "[]", "{}"],
  ...['[1.0, "x"]', '{"a": 1.50}'],
];
const LEVELS = ["10", "20", "20", "30", "40", "50", "25", "0", "30.0", "true", "null", '"30"'];

/** A text as JSON, with and without escapes: lines are searched before they are parsed. */
function json(text: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return below(2) === 0 ? JSON.stringify(text) : JSON.stringify(text).replace(/[\u0080-\uffff]/g, escape);
}

function value(): string {
  return below(3) === 0 ? json(pick([...HOSTS, ...MESSAGES])) : pick(SCALARS);
}

function randomLine(): string {
  const often = (one: string): string => (below(12) === 0 ? value() : one);
  const args = pick(["[]", `[${value()}]`, `[${value()}, ${value()}]`, `[{"a": ${value()}}]`]);
  const fields = [
    ["name", often(json(pick(NAMES)))],
    ["msg", often(json(pick(MESSAGES)))],
    ["args", often(args)],
    ["levelno", pick(LEVELS)],
    ["filename", json(pick(["deploy.py", "a/b.c.py", ".hid", "noext", "x."]))],
    ["exc_text", pick(["null", '""', '"Traceback\\nx"'])],
    ["lineno", pick(["331", "null", "12.5"])],
    ["host", often(json(pick(HOSTS)))],
    ["event.action", value()],
    ["stage", json(pick(["fetch", "promote"]))],
    ["levelno", pick(["10", "40"])],
  ].filter((_, at) => below(at === 10 ? 30 : 1) === 0 && below(10) > 0);
  fields.push(["created", pick(["1444873813.116016", "0", "86399.999"])]);
  const colon = pick([": ", ":", " : "]);
  const line = `{${fields.map(([name, text]) => `"${name}"${colon}${text}`).join(pick([", ", ","]))}}`;
  if (below(25) === 0) return line.slice(0, below(line.length));
  return below(25) === 0 ? pick(["\u0007", "  ", "[1]", "plain "]) + line : line;
}

const ATTRIBUTES = [
  ...["name", "host", "levelno", "msg", "levelname", "lineno", "module", "pathname", "created", "missing"],
  ...["stage", "exc_text", "event.action", "funcName", "args"],
];
const WORDS = [
  ...[
    "web1",
    "web1.*",
    "*.example.org",
    "target.*",
    "deploy-local",
    "'*'",
    "''",
    "web?",
    "[a-w]*",
    "'[!w]*'",
  ],
  ...[
    "INFO",
    "WARNING",
    "ERROR",
    "warning",
    "30",
    "10",
    "030",
    "-5",
    "3.5",
    "1.0",
    "1444873813",
    "12",
    "331",
  ],
  ...[
    "'web1\\.'",
    '"web1\\."',
    "^deploy",
    "'^target\\.web[12]'",
    "\\d",
    "'%s'",
    "done",
    "'.'",
    "é",
    "'wéb'",
    "😀",
  ],
  ...[
    "1e5",
    "100000.0",
    "nan",
    "'(?i)WEB1'",
    "'Fetch from'",
    "'\\\"quoted'",
    "Level*",
    "deploy.py",
    "promote",
  ],
];

function randomExpression(): string {
  const sign = (): string => pick(["=", "==", "~", ">", ">=", "<", "<=", "!=", "!~"]);
  const criterion = (): string => `${pick(ATTRIBUTES)}${pick([" ", "\n"])}${sign()}  ${pick(WORDS)}`;
  const expression = Array.from({ length: pick([0, 1, 1, 1, 2]) }, criterion).join(" ");
  return below(25) === 0 ? `${expression}${pick([" x", "'", " name = ", " name === x"])}` : expression;
}

describe.skipIf(isMissing)(`deploy-log${isMissing ? " NOT RUN: needs python3" : ""}`, () => {
  it(`shows what its specification says, in Python's words (seed ${SEED})`, async () => {
    const cases = Array.from({ length: 700 }, () => {
      const lines = Array.from({ length: 1 + below(6) }, randomLine);
      return [lines.join(pick(["\n", "\r\n", "\r"])), randomExpression(), below(3) === 0] as const;
    });
    const script = fileURLToPath(new URL("deploy-log-oracle.py", import.meta.url));
    const options = { input: JSON.stringify(cases), encoding: "utf8", maxBuffer: 1e9 } as const;
    const wanted = JSON.parse(execFileSync(PYTHON, ["-W", "ignore", script], options)) as unknown[];
    const differ: unknown[] = [];
    for (const [at, [text, expression, verbose]] of cases.entries()) {
      const { status, stdout } = await overLines([text], { expression, verbose });
      const got = status === 2 ? "usage" : [stdout];
      if (wanted[at] === null || JSON.stringify(got) === JSON.stringify(wanted[at])) continue;
      differ.push({ text, expression, verbose, got, wanted: wanted[at] });
    }
    expect(differ.slice(0, 5)).toEqual([]);
    expect(wanted.filter((one) => Array.isArray(one) && one[0] !== "").length).toBeGreaterThan(80);
  });
});
