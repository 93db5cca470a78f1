import { expect, test } from "vitest";
import type { OutputFormat } from "./output-format.ts";
import { checkTemplate, compileTemplate, renderTemplate } from "./render-template.ts";
import { mergeVariables, parseVariables } from "./variables.ts";

const VARS = "{s: hello, n: null, t: true, f1: 1.0, i: 3, l: [a, b, c], d: {b: 1, a: x, c: null}}";
const variables = parseVariables(VARS, { file: "vars.yaml" }).variables;

interface Options {
  readonly format?: OutputFormat;
  readonly erbSyntax?: boolean;
  readonly strict?: boolean;
}

function render(text: string, { format, ...options }: Options = {}): Promise<string> {
  return renderTemplate({ text, name: "t.j2", outputFormat: format, ...options, variables });
}

// The numbers are those of the acceptance cases of the specification of templates.
test.each<[number, string, string, Options?]>([
  [1, "a: {{ n }}\n", "a: null", { format: "yaml" }],
  [2, "a: {{ n }}\n", "a: None"],
  [3, "{{ t }} {{ [n, t] }}", "true [None, True]", { format: "yaml" }],
  [4, "x\n\n", "x\n"],
  [5, "a\r\n{{ s }}\r\n", "a\nhello"],
  [6, "{{ f1 }} {{ i }} {{ 1e20 }} {{ 4/2 }}", "1.0 3 1e+20 2.0"],
  [7, "{{ l }}{{ d }}", "['a', 'b', 'c']{'b': 1, 'a': 'x', 'c': None}"],
  [8, "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "b=1;a=x;c=None;"],
  [9, `['{{ l|join("','") }}']`, "['a','b','c']"],
  [10, "{{ u }}[{{ d.zz }}]", "[]", { strict: false }],
  [12, "{{ 'y' if [] else 'n' }}{% if {} %}y{% else %}n{% endif %}", "nn"],
  [13, "{{ n|default('x') }}{{ u|default('x') }}{{ n|default('x', true) }}", "Nonexx"],
  [14, "{% set x = 0 %}{% for a in l %}{% set x = a %}{% endfor %}{{ x }}", "0"],
  [15, "{% for x in l if x != 'b' %}{{ loop.index }}{{ x }}{% endfor %}", "1a2c"],
  [16, '{{ "say \\"hi\\"".replace("\\"", "\\\\\\"") }}', 'say \\"hi\\"'],
  [17, "{{ d|tojson }}", '{"a": "x", "b": 1, "c": null}'],
  [18, "{{ l[-1] }}{{ l[1:] }}{{ s[:2] }}", "c['b', 'c']he"],
  [19, "{%- for x in l %}\n- {{ x }}\n{%- endfor %}\n", "\n- a\n- b\n- c"],
  [20, "{% for x in l -%}\n- {{ x }}\n{% endfor -%}\nend\n", "- a\n- b\n- c\nend"],
  [21, "{{ s }} {% if t %} {# c #} <%= s %>", "{{ s }} {% if t %} {# c #} hello", { erbSyntax: true }],
  [22, "<%= s -%>\n  b", "hellob", { erbSyntax: true }],
  [23, "<%=-i%>|<%= -i %>", "3|-3", { erbSyntax: true }],
  [24, "<%= '%>' %>", "%>", { erbSyntax: true }],
  [25, "<%# c %>x<% raw %><%= s %><% endraw %>", "x<%= s %>", { erbSyntax: true }],
  [28, "{{ '1' == 1 }}{{ [1] == [1] }}{{ '' == false }}", "FalseTrueFalse"],
  [29, "{{ '%05d' % i }}{{ '{:>5}'.format('a') }}", "00003    a"],
  [30, "{{ 2.5|round }}{{ 'abc'|int }}{{ '42abc'|int }}", "2.000"],
  [31, "{{ 'a\n\nb'|indent(2) }}", "a\n\n  b"],
  [32, "{% if u %}{{ s|nope }}{% endif %}ok", "ok"],
])("(template case %i) %j renders %j", async (_case, text, expected, options) => {
  expect(await render(text, options)).toBe(expected);
});

test("(template case 34) variables and text survive as UTF-8", async () => {
  const { variables: heart } = parseVariables("v: ❤", { file: "vars.yaml" });
  expect(await renderTemplate({ text: "⚡ {{ v }}", name: "t.j2", variables: heart })).toBe("⚡ ❤");
});

test.each<[string, string, Options?]>([
  ["\n", ""],
  ["x\r", "x"],
  ["x\r\n\r\n", "x\n"],
  ["", ""],
  ["a: {{ u }}", "a: ", { format: "yaml", strict: false }],
  [
    "{{ n }} {{ 1 == 1 }} {{ n|default('x') }} {{ f1 }} {{ s }}",
    "null true null 1.0 hello",
    { format: "yml" },
  ],
  ["{{ 'a' ~ n }} {{ [n]|join }} {{ t|string }} {{ n|upper }}", "aNone None True NONE", { format: "yaml" }],
  [
    "{% set x %}{{ n }}{% endset %}{{ x }}{% print n, t %}{{ caller is defined }}",
    "nullnulltruefalse",
    { format: "yaml" },
  ],
  ["<%= {'a': '%>'}['a'] %>%>", "%>%>", { erbSyntax: true }],
  ["a <%#- c -%> x", "ax", { erbSyntax: true }],
  ["<%- if t -%> x <%- endif +%> y", "x y", { erbSyntax: true }],
  ["a %> b }} c", "a %> b }} c", { erbSyntax: true }],
  ["{%- raw -%} {{ x }} {%- endraw +%} ", "{{ x }} "],
  ["{% if t is not none %}{{ l.append('z') }}{{ l }}{% endif %}", "None['a', 'b', 'c', 'z']"],
  [
    "{{ s }} {{ l }} {{ d }} {{ f1 }} {{ n }}",
    '"hello" ["a", "b", "c"] {"b": 1, "a": "x", "c": null} 1.0 null',
    { format: "json" },
  ],
  [
    "{{ s }} {{ 'yes' }} {{ l }} {{ d }} {{ f1 }} {{ n }}",
    "hello 'yes' [a, b, c] {b: 1, a: x, c: null} 1.0 null",
    { format: "yaml-strict" },
  ],
  ["{% for k, v in d.iteritems() %}{{ k }}{% endfor %}", "bac"],
])("%j renders %j", async (text, expected, options) => {
  expect(await render(text, options)).toBe(expected);
});

test.each<[number, string, string, Options?]>([
  [10, "\n{{ u }}[{{ d.zz }}]", "t.j2:2: 'u' is undefined"],
  [11, "{{ u.x }}", "'u' is undefined"],
  [11, "{{ u.x }}", "'u' is undefined", { strict: false }],
  [26, "<% if t %>x<% end %>", "unknown tag 'end'", { erbSyntax: true }],
  [27, "<%%= s %>", "t.j2:1: ", { erbSyntax: true }],
  [32, "{{ s|nope }}", "t.j2:1: No filter named 'nope'."],
  [33, "{% include 'other' %}", "t.j2:1: no template named 'other'"],
])("(template case %i) %j is an error that says %j", async (_case, text, message, options) => {
  await expect(render(text, options)).rejects.toThrow(message);
});

test.each<[string, string, Options?]>([
  ["{% if false %}{% for x in [1] %}{{ x|nope }}{% endfor %}{% endif %}", "No filter named 'nope'"],
  ["{% if t is not None %}x{% endif %}", "No test named 'None'"],
  ["{% import 'other' as o %}", "no template named 'other'"],
  ["{% extends 'other' %}", "no template named 'other'"],
  ["{% include 't.j2' %}", "t.j2:1: "],
  ["{{ x +}}", "t.j2:1: "],
  ["{%- raw +%}x{% endraw %}", "t.j2:1: "],
  ["<%-= s %>", "t.j2:1: ", { erbSyntax: true }],
  ["{{ range }}", "t.j2:1: this value has no form in json", { format: "json" }],
])("%j is an error that says %j", async (text, message, options) => {
  await expect(render(text, options)).rejects.toThrow(message);
});

test("an error has code, line, hint and an excerpt with a caret", async () => {
  await expect(render("a: 1\nb: {{ missing }}\n")).rejects.toMatchObject({
    code: "TEMPLATE_RENDER",
    file: "t.j2",
    line: 2,
    hint: expect.stringContaining("strict_templates"),
    excerpt: expect.stringMatching(/b: \{\{ missing \}\}\n *\^/),
  });
});

test("checking finds errors of syntax without variables", async () => {
  await checkTemplate({ text: "{{ anything }}", name: "t.j2" });
  await expect(checkTemplate({ text: "{{ a|nope }}", name: "t.j2" })).rejects.toMatchObject({
    code: "TEMPLATE_SYNTAX",
  });
  await expect(checkTemplate({ text: "{% if %}", name: "t.j2" })).rejects.toThrow("t.j2:1: ");
  await expect(checkTemplate({ text: "{{ a | nope }}", name: "t.liquid" })).rejects.toThrow(
    "undefined filter: nope",
  );
});

test("an old name of Python 2 works and gives a warning", async () => {
  const warnings: string[] = [];
  const text = "a\n{% for k, v in d.iteritems() %}{{ k }}{% endfor %}";
  const onWarning = (message: string): void => void warnings.push(message);
  expect(await renderTemplate({ text, name: "t.j2", variables, onWarning })).toBe("a\nbac");
  expect(warnings).toEqual(["t.j2:2: iteritems() is deprecated; write items()"]);
});

test("(template case 39) the values of vars.yaml print as Python reads them", async () => {
  const read = parseVariables("x: 1e3\ny: 0755\nz: yes\nw: 1:30\nd: 2020-01-01\n", {
    file: "vars.yaml",
  }).variables;
  const text = "{{ x }} {{ y }} {{ z }} {{ w }} {{ d }} {{ [d] }}";
  expect(await renderTemplate({ text, name: "t", variables: read })).toBe(
    "1e3 493 True 90 2020-01-01 [datetime.date(2020, 1, 1)]",
  );
});

test("(template case 36) remote variables win over published ones", async () => {
  const override = parseVariables("{a: ov, c: ov, m: {y: 2}}", { file: "o" }).variables;
  const remote = parseVariables("{a: remote, b: remote, m: {x: 1}}", { file: "r" }).variables;
  const text = "{{ a }} {{ b }} {{ c }} {{ m }}";
  const options = { text, name: "t", strict: false };
  expect(await renderTemplate({ ...options, variables: mergeVariables(override, remote) })).toBe(
    "remote remote ov {'x': 1}",
  );
  expect(await renderTemplate({ ...options, variables: remote })).toBe("remote remote  {'x': 1}");
  expect(await renderTemplate({ ...options, variables: override })).toBe("ov  ov {'y': 2}");
});

test("one rendering cannot change the variables of the next", async () => {
  const template = await compileTemplate({ text: "{% set _ = l.append('z') %}{{ l|length }}", name: "t" });
  expect([template.render(variables), template.render(variables)]).toEqual(["4", "4"]);
});

test("a mapping that an alias shares stays shared", async () => {
  const read = parseVariables("a: &x {k: [1]}\nb: *x\n", { file: "v" }).variables;
  const text = "{% set _ = a.k.append(2) %}{{ b.k }}";
  expect(await renderTemplate({ text, name: "t", variables: read })).toBe("[1, 2]");
});
