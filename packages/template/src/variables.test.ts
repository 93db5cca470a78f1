import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadVariables, mergeVariables, parseVariables, readVariables } from "./variables.ts";
import { toPlainValue, YamlFloat } from "./yaml-values.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "scap-vars-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

test("floats stay floats and integers exact, in YAML and JSON", () => {
  const yaml = parseVariables("{a: 1.0, b: 12345678901234567890, c: 1e3}", { file: "x.yaml" }).variables;
  expect(yaml).toEqual(
    new Map<string, unknown>([
      ["a", new YamlFloat(1)],
      ["b", 12345678901234567890n],
      ["c", "1e3"],
    ]),
  );
  const json = parseVariables(
    '{"a": 1.0, "b": 12345678901234567890, "c": 1e3, "d": [-0, {}, [], "\\ud83d\\ude00"]}',
    {
      file: "x.json",
    },
  ).variables;
  expect(json).toEqual(
    new Map<string, unknown>([
      ["a", new YamlFloat(1)],
      ["b", 12345678901234567890n],
      ["c", new YamlFloat(1000)],
      ["d", [0, new Map(), [], "😀"]],
    ]),
  );
});

test("JSON keeps the order of keys that look like numbers, and the last of equal keys counts", () => {
  const { variables } = parseVariables('{"10": 1, "9": 2, "10": {"b": 1, "a": [2, 3]}}', { file: "x.json" });
  expect([...variables.keys()]).toEqual(["10", "9"]);
  expect(variables.get("10")).toEqual(
    new Map<string, unknown>([
      ["b", 1],
      ["a", [2, 3]],
    ]),
  );
});

test.each([
  ["- a\n", "x.yaml: expected a mapping of variable names to values"],
  ["text", "x.yaml: expected a mapping"],
  ["a: 1\n2: b\n", "x.yaml:2: the variable name 2 is not a text; put it in quotes"],
  ["a: [\n", "x.yaml:2: invalid YAML"],
])("says what is wrong with %j", (text, message) => {
  expect(() => parseVariables(text, { file: "x.yaml" })).toThrow(message);
});

test.each(["", "# nothing\n", "{}"])("%j has no variables", (text) => {
  expect(parseVariables(text, { file: "x.yaml" }).variables.size).toBe(0);
});

test("broken JSON names the file and the line", () => {
  expect(() => parseVariables('{"a": }', { file: "x.json" })).toThrow(/^x\.json:1: invalid JSON: /);
  expect(() => parseVariables('{"a": 1,\n\n"b" 2}', { file: "x.json" })).toThrow(
    /^x\.json:3: invalid JSON: /,
  );
  expect(() => parseVariables('{"a": 1\n', { file: "x.json" })).toThrow(/^x\.json:2: invalid JSON: /);
  expect(() => parseVariables("[1]", { file: "x.json" })).toThrow("expected a mapping");
});

test("a file that is missing, a directory or not UTF-8 is named", () => {
  expect(() => readVariables(join(directory, "none.yaml"))).toThrow(/none\.yaml: there is no such file$/);
  expect(() => readVariables(directory)).toThrow(/: is a directory, not a file$/);
  expect(() => readVariables(file("latin1.yaml", Buffer.from([0x61, 0x3a, 0x20, 0xe9])))).toThrow(
    "is not UTF-8",
  );
});

test("(template case 40) variables of a stronger file replace those of a weaker one as a whole, and tell where they are from", () => {
  const files = [file("vars.yaml", "a: 1\nm: {p: 1, q: 2}\n"), file("env.yaml", "m: {q: 3}\nb: 2\n")];
  const loaded = loadVariables({ files });
  expect(Array.from(loaded, ([name, { value }]) => [name, toPlainValue(value)])).toEqual([
    ["a", 1],
    ["m", new Map([["q", 3]])],
    ["b", 2],
  ]);
  expect(loaded.get("m")).toMatchObject({
    origin: { file: files[1], line: 1 },
    hidden: [{ file: files[0], line: 2 }],
  });
  const deep = loadVariables({ files, merge: "deep" });
  expect(deep.get("m")?.value).toEqual(
    new Map([
      ["p", 1],
      ["q", 3],
    ]),
  );
});

test("remote variables win", () => {
  const override = parseVariables("{a: ov, c: ov, m: {y: 2}}", { file: "o" }).variables;
  const remote = parseVariables("{a: remote, b: remote, m: {x: 1}}", { file: "r" }).variables;
  const merged = mergeVariables(override, remote);
  expect(Object.fromEntries(merged)).toEqual({ a: "remote", b: "remote", c: "ov", m: new Map([["x", 1]]) });
});
