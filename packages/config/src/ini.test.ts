import { expect, test } from "vitest";

import { parseIni } from "./ini.ts";

const text = (shown: string): string =>
  shown.replaceAll("⏎", "\n").replaceAll("·", " ").replaceAll("\\t", "\t");

function read(shown: string, section = "global"): Record<string, string> {
  const file = parseIni(text(shown), "scap.cfg");
  expect(file.problems).toEqual([]);
  const options = file.sections.get(section)?.options ?? new Map();
  return Object.fromEntries([...options].map(([name, { value }]) => [name, value]));
}

function complaints(shown: string): (number | undefined)[] {
  return parseIni(text(shown), "scap.cfg").problems.map(({ origin }) =>
    origin?.kind === "file" ? origin.line : undefined,
  );
}

test.each<[number, string, Record<string, string>]>([
  [1, "[global]⏎foo = bar⏎baz=qux:1⏎url: http://x=y", { foo: "bar", baz: "qux:1", url: "http://x=y" }],
  [2, "[global]⏎FoO: BaR", { foo: "BaR" }],
  [3, "[global]⏎foo bar···:···baz··qux··", { "foo bar": "baz  qux" }],
  [4, "[global]⏎foo: bar # not a comment⏎·# gone⏎; gone", { foo: "bar # not a comment" }],
  [5, "[global]⏎foo: a⏎··b⏎\\tc⏎bar: z", { foo: "a\nb\nc", bar: "z" }],
  [6, "[global]⏎foo: a⏎⏎··b⏎⏎bar: z", { foo: "a\n\nb", bar: "z" }],
  [7, "[global]⏎foo: a⏎··# c⏎··b⏎; x⏎··d", { foo: "a\nb\nd" }],
  [8, "[global]⏎foo:⏎··a⏎··b", { foo: "\na\nb" }],
  [9, "[global]⏎foo: a⏎··bar: z", { foo: "a\nbar: z" }],
  [10, "[global]⏎··foo: a⏎··bar: b⏎····c⏎·e: f", { foo: "a", bar: "b\nc", e: "f" }],
  [11, "[global]⏎foo: a⏎··[example]⏎bar: b", { foo: "a\n[example]", bar: "b" }],
  [12, "[global]⏎foo:⏎bar=", { foo: "", bar: "" }],
  [13, "[global]⏎foo: %(bar)s 100%", { foo: "%(bar)s 100%" }],
  [14, "[global]⏎foo: 'bar'", { foo: "'bar'" }],
  [15, "[global]⏎foo := bar", { foo: "= bar" }],
  [16, "[global]junk⏎foo: 1", { foo: "1" }],
  [17, "[ global ]⏎foo: 1", {}],
  [17, "[Global]⏎foo: 1", {}],
  [24, "", {}],
])("case %i: %s", (_, input, expected) => {
  expect(read(input)).toEqual(expected);
});

test.each<[number, string, number[]]>([
  [18, "foo: bar", [1]],
  [19, "[global]⏎foo⏎bar", [2, 3]],
  [20, "[global]⏎: bar", [2]],
  [21, "[global]⏎foo: 1⏎FOO: 2", [3]],
  [22, "[x]⏎a: 1⏎[x]⏎b: 2", [3]],
  [23, "\uFEFF[global]⏎foo: 1", [1]],
])("case %i: %s is refused with its lines", (_, input, lines) => {
  expect(complaints(input)).toEqual(lines);
});

test("a line ends with a lone carriage return too", () => {
  expect(read("[global]\rfoo: 1\r\nbar: 2\r")).toEqual({ foo: "1", bar: "2" });
});

test("other blanks of Python are stripped and the byte order mark is not", () => {
  expect(read("[global]\nfoo: \u00a0a\u3000\x1f\nbar: \uFEFFb")).toEqual({ foo: "a", bar: "\uFEFFb" });
});

test("the section's name ends at the first bracket, and what follows is warned about (config W7)", () => {
  const file = parseIni("[global] # see [x]\nfoo: 1", "scap.cfg");
  expect(file.sections.get("global")?.options.get("foo")?.value).toBe("1");
  expect(file.warnings[0]?.message).toContain("# see [x]");
});

test("values know file, line and section", () => {
  const file = parseIni("\n[dc1.example]\n\nfoo: 1\n  2", "a/scap.cfg");
  expect(file.sections.get("dc1.example")?.options.get("foo")?.origin).toEqual({
    kind: "file",
    file: "a/scap.cfg",
    line: 4,
    section: "dc1.example",
  });
});

test("a section of any number of [DEFAULT] headers is one", () => {
  const file = parseIni("[DEFAULT]\na: 1\n[DEFAULT]\nb: 2", "scap.cfg");
  expect([...(file.sections.get("DEFAULT")?.options.keys() ?? [])]).toEqual(["a", "b"]);
  expect(file.problems).toEqual([]);
});
