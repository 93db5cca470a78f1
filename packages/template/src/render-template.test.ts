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

test.each<[string, string, Options?]>([
  ["a: {{ n }}\n", "a: null", { format: "yaml" }],
  ["a: {{ n }}\n", "a: None"],
  ["{{ t }} {{ [n, t] }}", "true [None, True]", { format: "yaml" }],
  ["x\n\n", "x\n"],
  ["a\r\n{{ s }}\r\n", "a\nhello"],
  ["{{ f1 }} {{ i }} {{ 1e20 }} {{ 4/2 }}", "1.0 3 1e+20 2.0"],
  ["{{ l }}{{ d }}", "['a', 'b', 'c']{'b': 1, 'a': 'x', 'c': None}"],
  ["{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "b=1;a=x;c=None;"],
  [`['{{ l|join("','") }}']`, "['a','b','c']"],
  ["{{ u }}[{{ d.zz }}]", "[]", { strict: false }],
  ["{{ 'y' if [] else 'n' }}{% if {} %}y{% else %}n{% endif %}", "nn"],
  ["{{ n|default('x') }}{{ u|default('x') }}{{ n|default('x', true) }}", "Nonexx"],
  ["{% set x = 0 %}{% for a in l %}{% set x = a %}{% endfor %}{{ x }}", "0"],
  ["{% for x in l if x != 'b' %}{{ loop.index }}{{ x }}{% endfor %}", "1a2c"],
  ['{{ "say \\"hi\\"".replace("\\"", "\\\\\\"") }}', 'say \\"hi\\"'],
  ["{{ d|tojson }}", '{"a": "x", "b": 1, "c": null}'],
  ["{{ l[-1] }}{{ l[1:] }}{{ s[:2] }}", "c['b', 'c']he"],
  ["{%- for x in l %}\n- {{ x }}\n{%- endfor %}\n", "\n- a\n- b\n- c"],
  ["{% for x in l -%}\n- {{ x }}\n{% endfor -%}\nend\n", "- a\n- b\n- c\nend"],
  ["{{ s }} {% if t %} {# c #} <%= s %>", "{{ s }} {% if t %} {# c #} hello", { erbSyntax: true }],
  ["<%= s -%>\n  b", "hellob", { erbSyntax: true }],
  ["<%=-i%>|<%= -i %>", "3|-3", { erbSyntax: true }],
  ["<%= '%>' %>", "%>", { erbSyntax: true }],
  ["<%# c %>x<% raw %><%= s %><% endraw %>", "x<%= s %>", { erbSyntax: true }],
  ["{{ '1' == 1 }}{{ [1] == [1] }}{{ '' == false }}", "FalseTrueFalse"],
  ["{{ '%05d' % i }}{{ '{:>5}'.format('a') }}", "00003    a"],
  ["{{ 2.5|round }}{{ 'abc'|int }}{{ '42abc'|int }}", "2.000"],
  ["{{ 'a\n\nb'|indent(2) }}", "a\n\n  b"],
  ["{% if u %}{{ s|nope }}{% endif %}ok", "ok"],
  ["⚡ {{ '❤' }}", "⚡ ❤"],
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

test.each<[string, string, Options?]>([
  ["\n{{ u }}", "t.j2:2: 'u' is undefined"],
  ["{{ u.x }}", "'u' is undefined"],
  ["{{ u.x }}", "'u' is undefined", { strict: false }],
  ["<% if t %>x<% end %>", "unknown tag 'end'", { erbSyntax: true }],
  ["<%%= s %>", "t.j2:1: ", { erbSyntax: true }],
  ["{{ s|nope }}", "t.j2:1: No filter named 'nope'."],
  ["{% include 'other' %}", "other"],
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

test("the values of vars.yaml print as Python reads them", async () => {
  const read = parseVariables("x: 1e3\ny: 0755\nz: yes\nw: 1:30\nd: 2020-01-01\n", {
    file: "vars.yaml",
  }).variables;
  const text = "{{ x }} {{ y }} {{ z }} {{ w }} {{ d }} {{ [d] }}";
  expect(await renderTemplate({ text, name: "t", variables: read })).toBe(
    "1e3 493 True 90 2020-01-01 [datetime.date(2020, 1, 1)]",
  );
});

test("remote variables win over published ones", async () => {
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
