import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  FilterError,
  clockText,
  decodeLooseRecord,
  encodeRecord,
  entryText,
  formatMessage,
  formatMessageParts,
  parseFilter,
  reprForm,
  textForm,
} from "../src/index.ts";
import { globTest } from "../src/filter/glob.ts";
import { RegexError, compilePythonRegex } from "../src/filter/python-regex.ts";
import { splitWords } from "../src/filter/split-words.ts";
import { parseJson } from "../src/json/parse-json.ts";

const PYTHON = "/usr/bin/python3";
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
const seed = Number(process.env["SEED"] ?? 20310405);

describe("Python is there to compare with", () => {
  it.runIf(process.env["CI"])("on the machine that runs all tests", () => {
    expect(hasPython).toBe(true);
  });
});

describe.skipIf(!hasPython)(
  `the same answers as Python, seed ${seed}${hasPython ? "" : " (NOT RUN: needs python3)"}`,
  () => {
    it("formats messages", () => {
      const lines = Array.from(
        { length: 4000 },
        () => `{"msg": ${JSON.stringify(randomTemplate())}, "args": ${randomArgs()}}`,
      );
      const wanted = askPython(lines.map((line) => ({ ask: "message", line })));
      const got = lines.map((line) => {
        const { text, problem } = formatMessageParts(decodeLooseRecord(line) ?? {});
        return problem === undefined ? text : null;
      });
      expect(differences(lines, got, wanted)).toEqual([]);
    });

    it("shows entries", () => {
      const lines = Array.from({ length: 4000 }, randomRecord);
      const wanted = askPython(lines.map((line) => ({ ask: "entry", line })));
      const got = lines.map((line, at) => (wanted[at] === null ? null : utcEntry(line)));
      expect(differences(lines, got, wanted)).toEqual([]);
      expect(wanted.filter((entry) => entry !== null).length).toBeGreaterThan(500);
    });

    it("reads the records that we write", () => {
      const records = Array.from({ length: 500 }, () => {
        const args = [randomJson(2), randomJson(1)].map(parseJson);
        return { name: "n", msg: "%s %r", args, levelno: 20, created: 1 };
      });
      const wanted = records.map(formatMessage);
      const lines = records.map(encodeRecord);
      const got = askPython(lines.map((line) => ({ ask: "encoded", line })));
      expect(differences(lines, got, wanted)).toEqual([]);
    });

    it("writes values in their repr form", () => {
      const values = Array.from({ length: 3000 }, () => randomJson(3));
      const wanted = askPython(values.map((json) => ({ ask: "repr", json })));
      expect(
        differences(
          values,
          values.map((json) => reprForm(parseJson(json))),
          wanted,
        ),
      ).toEqual([]);
    });

    it("matches globs", () => {
      const cases = Array.from({ length: 4000 }, () => ({
        glob: pick2("ab.*?[]!-^\\\n", 7),
        text: pick2("ab.-]^\\\n!", 6),
      }));
      cases.push(
        { glob: "[b-a!x]", text: "a" },
        { glob: "[b-ad-c!]", text: "x" },
        { glob: "[!b-a]", text: "a" },
      );
      const wanted = askPython(cases.map(({ glob, text }) => ({ ask: "glob", glob, text })));
      expect(
        differences(
          cases,
          cases.map(({ glob, text }) => globTest(glob)(text)),
          wanted,
        ),
      ).toEqual([]);
    });

    it("splits words", () => {
      const texts = Array.from({ length: 4000 }, () => pick2("ab \t\n'\"\\#=~$`", 10));
      const wanted = askPython(texts.map((text) => ({ ask: "split", text })));
      expect(differences(texts, texts.map(split), wanted)).toEqual([]);
    });

    it("searches with regular expressions", () => {
      const cases = Array.from({ length: 4000 }, () => ({
        pattern: randomPattern(),
        text: pick2("abAé1_ .\n-", 8),
      }));
      const wanted = askPython(cases.map(({ pattern, text }) => ({ ask: "regex", pattern, text })));
      const got = cases.map(({ pattern, text }) => search(pattern, text));
      const unsure = got.map((value, at) => (value === "error" ? wanted[at] : value));
      expect(differences(cases, unsure, wanted)).toEqual([]);
      expect(got.filter((value) => value === "error").length).toBeLessThan(cases.length * 0.35);
    });
  },
);

function utcEntry(line: string): string {
  const record = decodeLooseRecord(line) ?? {};
  const prefix = `${clockText(record["created"], true)} [${textForm(record["host"])}] `;
  return entryText(record, prefix, { colour: false, visible: false });
}

function split(text: string): string[] | null {
  try {
    return splitWords(text).map((word) => word.text);
  } catch (error) {
    if (error instanceof FilterError) return null;
    throw error;
  }
}

function search(pattern: string, text: string): boolean | "error" {
  try {
    return compilePythonRegex(pattern).test(text);
  } catch (error) {
    if (error instanceof RegexError) return "error";
    throw error;
  }
}

function askPython(questions: readonly object[]): unknown[] {
  const script = fileURLToPath(new URL("python-oracle.py", import.meta.url));
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join("");
  const { stdout, stderr } = spawnSync(PYTHON, [script], { input, encoding: "utf8", maxBuffer: 1e9 });
  if (stderr) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

function differences(
  cases: readonly unknown[],
  got: readonly unknown[],
  wanted: readonly unknown[],
): unknown[] {
  return cases
    .map((each, at) => ({ each, got: got[at], wanted: wanted[at] }))
    .filter((each) => JSON.stringify(each.got) !== JSON.stringify(each.wanted))
    .slice(0, 10);
}

let state = seed;
function random(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

function pick<T>(items: readonly T[]): T {
  return items[random(items.length)] as T;
}

function pick2(alphabet: string, maxLength: number): string {
  const chars = Array.from(alphabet);
  return Array.from({ length: random(maxLength + 1) }, () => pick(chars)).join("");
}

function randomTemplate(): string {
  return Array.from({ length: 1 + random(3) }, randomConversion).join(pick(["", " ", "x", "%%"]));
}

function randomRecord(): string {
  const message = random(8) === 0 ? randomJson(2) : JSON.stringify(randomTemplate());
  const list = random(10) === 0 ? pick(['""', '"ab"', "{}"]) : randomArgs();
  const created = pick(["1444873813.116016", "0", "0.999999", "-0.5", "-1", "1e9", "253402300799", "true"]);
  const known = [`"msg": ${message}`, `"host": ${randomJson(1)}`, `"created": ${created}`];
  const args = random(6) === 0 ? [] : [`"args": ${list}`];
  const exception =
    random(3) === 0 ? [`"exc_text": ${pick(['"Traceback\\nx"', '""', "null", "0", "[]"])}`] : [];
  return `{${[...known, ...args, ...exception].join(", ")}}`;
}

function randomConversion(): string {
  const flags = pick(["", "", "", "-", "0", "+", " ", "#", "-0", "#0", "+0", "0-"]);
  const width = pick(["", "", "", "5", "12", "*", "08"]);
  const precision = pick(["", "", "", ".0", ".3", ".10", ".", ".*", ".20"]);
  const key = pick(["", "", "", "", "", "(a)", "(b)", "(c(d))"]);
  return `%${key}${flags}${width}${precision}${pick(["", "", "", "", "l", "h"])}${pick("ssssrraddiuxXofFeEgGc%q".split(""))}`;
}

function randomArgs(): string {
  if (random(5) === 0) return `[{"a": ${randomJson(1)}, "b": ${randomJson(1)}, "c(d)": 3}]`;
  return `[${Array.from({ length: random(4) }, () => randomJson(2)).join(", ")}]`;
}

const NUMBERS = [
  "0",
  "-0",
  "1",
  "-5",
  "255",
  "3",
  "65",
  "12345678901234567890",
  "1.0",
  "-0.0",
  "0.5",
  "1.5",
  "2.5",
  "2.675",
];
const FLOATS = [
  "1e20",
  "1e16",
  "1e15",
  "123456789012345680.0",
  "0.0001",
  "0.00001",
  "1e-7",
  "3.99",
  "NaN",
  "Infinity",
];
const MORE = [
  "-Infinity",
  "1e22",
  "5e-324",
  "1.7976931348623157e308",
  "0.1",
  "100000.0",
  "1000000.0",
  "999999.5",
  "9.995",
];
const STRINGS = [
  '"a"',
  '"é😀"',
  '"it\'s"',
  '"a\\"b\'"',
  '"\\n\\t\\u0007\\u200b\\ud800"',
  '"\\u00a0\\u2028\\\\"',
  '""',
];

function randomJson(depth: number): string {
  const kind = random(depth > 0 ? 8 : 6);
  if (kind < 2) return pick([...NUMBERS, ...FLOATS, ...MORE]);
  // Not a whole number: as a width it would ask for gigabytes.
  if (kind === 2) return `${(random(2 ** 31) - 2 ** 30) / 10 ** random(9)}`.replace(/^-?\d+$/, "$&.5");
  if (kind < 5) return pick(STRINGS);
  if (kind === 5) return pick(["null", "true", "false"]);
  const items = Array.from({ length: random(4) }, () => randomJson(depth - 1));
  if (kind === 6) return `[${items.join(", ")}]`;
  return `{${items.map((item, at) => `"${pick(["k", "10", "2", "x'y"])}${at % 2}": ${item}`).join(", ")}}`;
}

const ATOMS = [
  "a",
  "b",
  ".",
  "\\w",
  "\\d",
  "\\s",
  "\\W",
  "[ab]",
  "[^a\\d]",
  "[\\w-]",
  "é",
  "\\.",
  "\\-",
  "1",
  "_",
  "[]a]",
  "\\101",
];
const ASSERTIONS = ["^", "$", "\\b", "\\B", "\\A", "\\Z", "(?=a)", "(?!b)", "(?<=a)", "(?#note)"];

function randomPattern(): string {
  const flags = pick(["", "", "", "(?i)", "(?s)", "(?m)", "(?a)", "(?im)"]);
  const item = (): string => {
    if (random(4) === 0) return pick(ASSERTIONS);
    const atom =
      random(6) === 0 ? `(${pick(["", "?:", "?P<n>"])}${pick(ATOMS)}|${pick(ATOMS)})` : pick(ATOMS);
    return atom + pick(["", "", "", "*", "+", "?", "{2}", "{,2}", "{1,}", "*?", "{x"]);
  };
  return flags + Array.from({ length: 1 + random(4) }, item).join("");
}

it("rejects what cannot be translated with a clear error", () => {
  for (const pattern of ["(?x)a", "a**", "(", "[a", "\\", "(?(1)a)", "(?>a)", "\\q", "a(?i)b"]) {
    expect(() => parseFilter(`msg ~ '${pattern}'`)).toThrow(FilterError);
  }
});
