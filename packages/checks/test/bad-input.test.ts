import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  CheckError,
  CheckInvalidError,
  checksFromDefinitions,
  loadChecks,
  parseNrpeCommands,
  runChecks,
  splitWords,
  validateChecks,
} from "../src/index.ts";

const SEED = Number(process.env["SCAP_TEST_SEED"] ?? 20_260_101);
const lacksPython = !existsSync("/usr/bin/python3") && process.env["CI"] === undefined;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-checks-bad-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Reads a text as `checks.yaml`: checks, or problems that all name the file. */
function read(text: string | Uint8Array): void {
  const file = join(directory, "checks.yaml");
  writeFileSync(file, text);
  try {
    validateChecks({ checks: loadChecks({ files: [file] }).checks, groups: ["default"] });
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    for (const problem of error.problems) expect(problem.file).toBe(file);
  }
}

const WHOLE = `# before
checks:
  "smoke it": &smoke {type: command, command: "sh -c 'exit 0'", after: promote, timeout: 1_0.5}
  é:
    <<: *smoke
    stage: !!str restart_service
    shell: yes
  off: {}
  page: {type: http, url: "http://localhost:1/\\u00e9", status: [200, 204], before: fetch}
`;

const HOSTILE = [
  "a b",
  "'",
  '"',
  "a\nb",
  "$(touch ran)",
  "`touch ran`",
  "; touch ran",
  "| touch ran",
  "-c",
  "--",
  "..",
  "../../bin/sh",
  "\0",
  "\u001b[2J",
  "%(x)s",
  "__proto__",
  "",
];

describe(`bad input (seed ${SEED})`, () => {
  test("checks.yaml may be cut at any byte", () => {
    const bytes = Buffer.from(WHOLE);
    for (let end = 0; end <= bytes.length; end += 1) read(bytes.subarray(0, end));
  });

  test("checks.yaml may be garbage", () => {
    const soup = fc.array(
      fc.constantFrom(
        "checks:",
        "\n",
        "  ",
        "a: ",
        "{",
        "}",
        "[",
        "]",
        "- ",
        "&a ",
        "*a",
        "<<: ",
        "!!x ",
        "|",
        ">",
        "'",
        '"',
        "\t",
        "#",
        "\u0000",
        "timeout: ",
        "1e999",
        "null",
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          soup.map((parts) => parts.join("")),
        ),
        (text) => {
          read(text);
          read(`checks:\n  a: ${text}`);
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
  });

  test("options may have any value of any type", () => {
    const option = fc.oneof(
      fc.constantFrom("type", "command", "before", "after", "stage", "group", "timeout", "shell", "retries"),
      fc.constantFrom("retry_delay", "parallel", "hook", "run", "url", "status", "port", "name", ...HOSTILE),
      fc.string(),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(...HOSTILE, Number.NaN, -0, Infinity, "http", "tcp"),
    );
    const definitions = fc.dictionary(fc.string(), fc.dictionary(option, value));
    fc.assert(
      fc.property(definitions, (given) => {
        try {
          validateChecks({ checks: checksFromDefinitions(given).checks, groups: ["default"], strict: true });
        } catch (error) {
          expect(error).toBeInstanceOf(CheckError);
        }
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test("hostile words are only words: nothing of them runs", async () => {
    for (const word of HOSTILE) {
      const quoted = `'${word.replaceAll("'", "'\\''")}'`;
      const definitions = {
        echoed: { command: `echo ${quoted}` },
        program: { command: quoted },
        script: { type: "script", command: quoted },
        nrpe: { type: "nrpe", command: word },
      };
      for (const [name, definition] of Object.entries(definitions)) {
        const { checks } = checksFromDefinitions({ [`${word}${name}`]: { ...definition, after: "fetch" } });
        const run = runChecks({ checks, cwd: directory, scriptsDir: directory, nrpeDir: directory });
        await run.catch((error: unknown) => expect(error).toBeInstanceOf(CheckInvalidError));
      }
    }
    expect(readdirSync(directory)).toEqual([]);
  });

  test("a file that is far too large is refused before it is read", () => {
    const file = join(directory, "checks.yaml");
    writeFileSync(file, "");
    truncateSync(file, 1_000_000_000);
    expect(() => loadChecks({ files: [file] })).toThrow(/checks\.yaml: has 1000000000 bytes; the limit is/);
  });
});

describe.skipIf(lacksPython)(
  `agreement with Python${lacksPython ? " NOT RUN: needs /usr/bin/python3" : ""} (seed ${SEED})`,
  () => {
    test("2,000 random command lines are split as shlex splits them", () => {
      const unit = fc.constantFrom(...Array.from("ab'\"\\ \t\n\r#$|;é\u00a0\u000b"));
      const lines = fc.sample(fc.string({ unit, maxLength: 12 }), { numRuns: 2_000, seed: SEED });
      const answers = askPython("shlex.split(x)", lines);
      for (const [index, line] of lines.entries())
        expect({ line, words: wordsOf(line) }).toEqual({ line, words: answers[index] });
    });

    test("2,000 random lines are NRPE commands where Python finds some", () => {
      const part = fc.constantFrom(
        "command[",
        "]",
        "=",
        "a",
        " ",
        "\t",
        "b]",
        "[",
        "#",
        ";",
        "Command[",
        "x y",
      );
      const lines = fc
        .sample(fc.array(part, { maxLength: 9 }), { numRuns: 2_000, seed: SEED })
        .flatMap((parts) => [parts.join(""), `command[${parts.join("")}`]);
      const pattern = String.raw`r'command\[(.+)\][ \t]*=[ \t]*(.+)$'`;
      const answers = askPython(`list(re.match(${pattern}, x.strip()).groups())`, lines);
      for (const [index, line] of lines.entries()) {
        const [found = null] = parseNrpeCommands(line);
        expect({ line, found }).toEqual({ line, found: answers[index] });
      }
    });
  },
);

function wordsOf(line: string): string[] | null {
  try {
    return splitWords(line);
  } catch {
    return null;
  }
}

/** What an expression over `x` gives for each text; null where it fails. */
function askPython(expression: string, texts: readonly string[]): unknown[] {
  const program = `
import json, re, shlex, sys
def answer(x):
    try:
        return ${expression}
    except Exception:
        return None
print(json.dumps([answer(x) for x in json.load(sys.stdin)]))`;
  const input = JSON.stringify(texts);
  const printed = execFileSync("/usr/bin/python3", ["-c", program], { input, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(printed.toString()) as unknown[];
}
