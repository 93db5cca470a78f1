import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stageOfCheck, type Check } from "./check.ts";
import { checksFromDefinitions, loadChecks, type LoadedChecks } from "./load-checks.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-checks-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function load(...texts: string[]): LoadedChecks {
  const files = texts.map((text, index) => {
    const file = join(directory, `checks-${index}.yaml`);
    writeFileSync(file, text);
    return file;
  });
  return loadChecks({ files });
}

function only(definitions: Record<string, unknown>): Check {
  const [check] = checksFromDefinitions(definitions).checks;
  if (!check) throw new Error("expected a check");
  return check;
}

test.each([[undefined], [null], [{}]])("%j means no checks (case 1)", (definitions) => {
  expect(checksFromDefinitions(definitions).checks).toEqual([]);
});

test("a check has defaults (case 2)", () => {
  expect(only({ a: { command: "true" } })).toMatchObject({
    type: "command",
    timeoutMs: 30_000,
    before: undefined,
    after: undefined,
    shell: false,
  });
});

test("stage is the old name of after (cases 3 to 6)", () => {
  const check = only({ foo: { command: "/bin/true", stage: "promote", timeout: 60 } });
  expect(check).toMatchObject({ after: "promote", timeoutMs: 60_000 });
  expect(stageOfCheck(check)).toBe("promote");
  expect(stageOfCheck(only({ a: { command: "x", before: "fetch" } }))).toBe("fetch");
  expect(only({ a: { command: "x", stage: "fetch", after: "promote" } }).after).toBe("promote");
  expect(only({ a: { command: "x", stage: "promote", before: "fetch" } })).toMatchObject({
    before: "fetch",
    after: "promote",
  });
});

test.each([[{}], [null], [{ type: "override" }]])(
  "%j switches a check off (case 9) (checks W1) (deploy W25)",
  (definition) => {
    const loaded = checksFromDefinitions({ depool: definition });
    expect(loaded.checks).toEqual([]);
    expect(loaded.switchedOff).toEqual(["depool"]);
  },
);

test("a check of the environment replaces the general one as a whole, at its place (case 10)", () => {
  const loaded = load(
    "checks:\n  a: {command: x, after: fetch}\n  b: {command: x, group: canary, timeout: 5}\n  c: {command: x}\n",
    "checks:\n  b: {command: y, after: promote}\n  d: {command: z}\n  c: {}\n",
  );
  expect(loaded.checks.map(({ name }) => name)).toEqual(["a", "b", "d"]);
  expect(loaded.checks[1]).toMatchObject({ command: "y", group: undefined, timeoutMs: 30_000 });
  expect([...loaded.definitions.keys()]).toEqual(["a", "b", "c", "d"]);
  expect(loaded.switchedOff).toEqual(["c"]);
});

test("of a name that occurs twice the last value counts, at the place of the first", () => {
  const loaded = load("checks:\n  a: {command: x}\n  b: {command: y}\n  a: {command: z}\n");
  expect(loaded.checks.map(({ name, command }) => [name, command])).toEqual([
    ["a", "z"],
    ["b", "y"],
  ]);
});

test.each([
  ["", "1: the file is empty"],
  ["# nothing\n", "1: the file is empty"],
  ["other: 1\n", "1: there is no key checks"],
  ["checks:\n", "1: checks must be a mapping"],
  ["\nchecks: [a]\n", "2: checks must be a mapping"],
  ["[a]\n", "1: there is no key checks"],
  ["checks: {\n", "invalid YAML"],
  ["checks:\n  a: b\n", '2: check "a": expected a mapping of options'],
  [
    "checks:\n  a: {command: x}\n  b:\n    timeout: -1\n",
    '4: check "b": timeout must be a number above zero',
  ],
  ["checks:\n  b: {command: x, timeout: null}\n", '2: check "b": timeout must be a number'],
  ["checks:\n  b: {command: x, timeout: soon}\n", 'not "soon"'],
  ["checks:\n  b: {command: [x]}\n", "command must be a text, not a list"],
  ["checks:\n  b: {command: x, shell: maybe}\n", "shell must be true or false"],
  ["checks:\n  b: {command: x, environment: y}\n", 'the option name "environment" is reserved'],
  ["checks:\n  b: !!python/object/apply:os.system [id]\n", "invalid YAML: the tag"],
])("says where %j is wrong", (text, message) => {
  expect(() => load(text)).toThrow(message);
});

test("reports all problems of all files at once (checks W2)", () => {
  const attempt = (): LoadedChecks => load("checks:\n  a: {timeout: 0}\n", "checks:\n  b: {shell: 1}\n");
  expect(attempt).toThrow(/checks-0\.yaml:2: .*\n.*checks-1\.yaml:2: /);
});

test("numeric texts are accepted as timeouts (checks W13)", () => {
  expect(only({ a: { command: "x", timeout: "60" } }).timeoutMs).toBe(60_000);
  expect(only({ a: { command: "x", timeout: 0.5 } }).timeoutMs).toBe(500);
  expect(only({ a: { command: "x", timeout: 100_000 } }).timeoutMs).toBe(100_000_000);
  expect(only({ a: { command: "x", timeout: "1e12" } }).timeoutMs).toBe(2 ** 31 - 1);
  for (const timeout of [Infinity, Number.NaN, "inf", true, -1, "-0"])
    expect(() => only({ a: { command: "x", timeout } })).toThrow("timeout must be a number above zero");
});

test("retries and their delay may be zero, and not less", () => {
  expect(only({ a: { command: "x", retries: 0, retry_delay: 0 } })).toMatchObject({
    retries: 0,
    retryDelayMs: 0,
  });
  for (const option of ["retries", "retry_delay"])
    expect(() => only({ a: { command: "x", [option]: -0.5 } })).toThrow(
      `${option} must be a number zero or more`,
    );
});

test("a missing file is named", () => {
  expect(() => loadChecks({ files: ["/no/such/checks.yaml"] })).toThrow(
    "/no/such/checks.yaml: cannot be read",
  );
});
