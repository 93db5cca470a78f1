import { expect, test } from "vitest";
import { compileLiquid } from "./liquid-engine.ts";
import type { OutputFormat } from "./output-format.ts";
import { parseVariables } from "./variables.ts";

const { variables } = parseVariables(
  "{s: hello, n: null, t: true, f: 1.0, i: 3, l: [a, b, c], d: {'10': 1, '9': x}, e: '', day: 2020-01-01}",
  { file: "vars.yaml" },
);

function render(text: string, outputFormat: OutputFormat | null = null, strict = true): string {
  return compileLiquid({ text, name: "t.liquid", outputFormat, strict }).render(variables);
}

test.each([
  ["{{ s }} {{ n }}|{{ t }} {{ f }} {{ i }}\r\n", "hello |true 1 3\r\n"],
  ["{{ l }}", "abc"],
  ["{% for p in d %}{{ p[0] }}={{ p[1] }};{% endfor %}", "10=1;9=x;"],
  ["{{ d | json }}", '{"9":"x","10":1}'],
  ["{% if e %}yes{% endif %}{% if n %}no{% endif %}", "yes"],
  ["{{ zz | default: 'x' }}{% if zz %}a{% else %}b{% endif %}", "xb"],
  ["{{ d['9'] }}{{ l[1] }}{{ l.size }}", "xb3"],
  ["{{ s | upcase | raw }}", "HELLO"],
  ["{{ day }}", "2020-01-01"],
])("%j renders %j", (text, expected) => {
  expect(render(text)).toBe(expected);
});

test("output formats change how values print", () => {
  expect(render("{{ n }} {{ t }}", "yaml")).toBe("null true");
  expect(render("{{ s }} {{ l }} {{ n }}", "json")).toBe('"hello" ["a","b","c"] null');
});

test.each([
  ["{{ d }}", "t.liquid:1: a mapping cannot be printed; use the json filter"],
  ["\n{{ zz }}", "t.liquid:2: undefined variable: zz"],
  ["{{ d.zz }}", "undefined variable: d.zz"],
  ["{{ d.constructor }}", "undefined variable"],
  ["{{ s | nope }}", "t.liquid:1: undefined filter: nope"],
  ["{% if %}", "t.liquid:1: "],
  ["{% include 'other' %}", "Failed to lookup"],
  ["{% render '/etc/passwd' %}", "Failed to lookup"],
  ["{% for i in (1..100000000) %}x{% endfor %}", "memory alloc limit exceeded"],
])("%j is an error", (text, message) => {
  expect(() => render(text)).toThrow(message);
});

test("undefined variables print nothing when that is wanted", () => {
  expect(render("[{{ zz }}]", null, false)).toBe("[]");
});
